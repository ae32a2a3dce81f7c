"""GraphQL in a cell; `reading` answers."""

from __future__ import annotations

from backend_mentor.reading.endpoints.graphql import Resolver as Resolver
from backend_mentor.reading.endpoints.graphql import ResolverKind as ResolverKind
from backend_mentor.reading.endpoints.graphql import read_resolvers as read_resolvers
from backend_mentor.reading.endpoints.graphql import schemas as schemas
from backend_mentor.reading.endpoints.graphql import speaks_graphql as speaks_graphql
