"""Questions that rules ask of Python's syntax trees; `reading` answers them, for fixes too."""

from __future__ import annotations

from backend_mentor.reading.endpoints.trees import Function as Function
from backend_mentor.reading.endpoints.trees import argument as argument
from backend_mentor.reading.endpoints.trees import calls as calls
from backend_mentor.reading.endpoints.trees import chain as chain
from backend_mentor.reading.endpoints.trees import constant as constant
from backend_mentor.reading.endpoints.trees import constant_text as constant_text
from backend_mentor.reading.endpoints.trees import defaults as defaults
from backend_mentor.reading.endpoints.trees import dotted as dotted
from backend_mentor.reading.endpoints.trees import enclosing as enclosing
from backend_mentor.reading.endpoints.trees import enclosing_function as enclosing_function
from backend_mentor.reading.endpoints.trees import full_name as full_name
from backend_mentor.reading.endpoints.trees import functions as functions
from backend_mentor.reading.endpoints.trees import has_unpacked as has_unpacked
from backend_mentor.reading.endpoints.trees import is_async as is_async
from backend_mentor.reading.endpoints.trees import is_false as is_false
from backend_mentor.reading.endpoints.trees import is_true as is_true
from backend_mentor.reading.endpoints.trees import keyword as keyword
from backend_mentor.reading.endpoints.trees import last_name as last_name
from backend_mentor.reading.endpoints.trees import lines_of_tests as lines_of_tests
from backend_mentor.reading.endpoints.trees import loops_around as loops_around
from backend_mentor.reading.endpoints.trees import names_in as names_in
from backend_mentor.reading.endpoints.trees import origins as origins
from backend_mentor.reading.endpoints.trees import own_calls as own_calls
from backend_mentor.reading.endpoints.trees import own_nodes as own_nodes
from backend_mentor.reading.endpoints.trees import parameters as parameters
from backend_mentor.reading.endpoints.trees import parents as parents
from backend_mentor.reading.endpoints.trees import root_name as root_name
from backend_mentor.reading.endpoints.trees import targets as targets
from backend_mentor.reading.endpoints.trees import unreachable_lines as unreachable_lines
from backend_mentor.reading.endpoints.trees import walk as walk
from backend_mentor.reading.endpoints.trees import within as within
