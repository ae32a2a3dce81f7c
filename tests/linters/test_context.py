"""What the code around a place settles, and what looks the same and settles nothing."""

from __future__ import annotations

import pytest

from backend_mentor.linters import lint

SETTLED = [
    (
        "traceback-of-nothing",
        "import logging\nlogger = logging.getLogger('a')\n@app.errorhandler(Broken)\ndef broken(e):\n"
        "    logger.exception(e)\n    return 'broken'\n",
    ),
    (
        "broad-except",
        "def owner(text):\n    try:\n        key = ObjectId(text)\n    except Exception:\n        key = text\n"
        "    return key\n",
    ),
    (
        "broad-except",
        "def save(user):\n    try:\n        store(user)\n    except Exception:\n        flash('not saved')\n",
    ),
    (
        "exception-swallowed",
        "def team(rows):\n    try:\n        return rows.find()\n"
        "    except Exception:  # nosec B110 - the database decides\n        pass\n",
    ),
    (
        "cause-lost",
        "try:\n    CODE = settings.CODE\n    NAME = settings.NAME\nexcept AttributeError:\n"
        "    raise ImproperlyConfigured('Set CODE and NAME.')\n",
    ),
    (
        "cause-lost",
        "def make(data):\n    try:\n        return store(data)\n    except OSError as error:\n"
        "        raise AjaxError(400, str(error))\n",
    ),
    (
        "cause-lost",
        "def make(data):\n    try:\n        return store(data)\n    except OSError as error:\n"
        "        raise StoreFault(str(error), code=status.HTTP_400_BAD_REQUEST)\n",
    ),
    (
        "naive-datetime",
        "import datetime, pytz\ndef next_check(wait):\n"
        "    return {'at': datetime.datetime.timestamp(datetime.datetime.now() + wait)}\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\nimport pytz\ndef is_past(end):\n    return end < datetime.now().date()\n",
    ),
    (
        "loop-changes-what-it-walks",
        "def reach(roles):\n    for role in roles:\n        if role.parent not in roles:\n"
        "            roles.append(role.parent)\n",
    ),
    (
        "raise-without-error",
        "def handle(request):\n    tell(request)\n    # Only an except clause calls this.\n    raise\n",
    ),
    (
        "exception-swallowed",
        "def text_of(psbt):\n    try:\n        psbt = b43_decode(psbt)\n    except Exception:\n        pass\n"
        "    return psbt\n",
    ),
    (
        "exception-swallowed",
        "def start():\n    try:\n        from store import disconnect\n        disconnect()\n"
        "    except Exception:\n        pass\n",
    ),
    (
        "exception-swallowed",
        "def keep(nodes):\n    for node in nodes:\n        try:\n            node.check()\n"
        "        except Exception:\n            # inconsistent metadata\n            pass\n",
    ),
    (
        "broad-except",
        "def login():\n    try:\n        check()\n    except (\n        KeyError,\n        Exception,\n"
        "    ) as error:\n        logger.error('refused: %s', error)\n",
    ),
    (
        "broad-except",
        "def verify_file(path):\n    try:\n        load(path)\n    except Exception:\n        return False\n"
        "    return True\n",
    ),
    (
        "cause-lost",
        "def option(options, name):\n    try:\n        return options[name]\n    except KeyError:\n"
        "        raise OptionMissing(name)\n",
    ),
    (
        "cause-lost",
        "def full_name(row):\n    try:\n        return read(row)\n    except KeyError:\n"
        "        # Reraised so that the other name isn't exposed.\n        raise NameMissing\n",
    ),
    (
        "cause-lost",
        "def act(form):\n    try:\n        try:\n            run(form)\n        except OSError as error:\n"
        "            raise ActionError(f'no: {error}')\n    except (ActionError, ValueError) as error:\n"
        "        return refuse(error)\n",
    ),
    (
        "exception-swallowed",
        "def label(row, field):\n    # Try to find what people call it.\n    try:\n"
        "        field = row.meta.find(field)\n    except Exception:\n        pass\n    return field\n",
    ),
    (
        "exception-swallowed",
        "def first(sources):\n    for source in sources:\n        if source.is_open:\n            try:\n"
        "                found = source.ask()\n                break\n            except Exception:\n"
        "                continue\n    return found\n",
    ),
    (
        "loop-variable-captured",
        "def differing(frame, pairs):\n    for left, right in pairs:\n"
        "        yield frame.apply(lambda row: row[left] != row[right], axis=1)\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\nimport pytz\ndef is_past(seconds):\n"
        "    return datetime.fromtimestamp(seconds).date() < today()\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\nimport pytz\ndef months(first):\n    now = datetime.now()\n"
        "    return {now.year: [now.month]} if first is None else walk(first)\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\ndef tell(user):\n    at = datetime.utcnow()\n"
        "    audit.info(f'{user} left at {at}')\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\nimport pytz\ndef months(since=None):\n    since = datetime(2013, 11, 1)\n"
        "    return localize(list(step(since)))\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\ndef version(seconds):\n    moment = datetime.utcfromtimestamp(int(seconds))\n"
        "    return moment.strftime('%Y%m%d')\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\ndef left(seconds):\n    end = datetime.utcfromtimestamp(seconds)\n"
        "    return end - datetime.utcnow()\n",
    ),
    ("raise-without-error", "def last_answer(request, exc_info):\n    if DEBUG:\n        raise\n    return page()\n"),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger('a')\ntry:\n    work()\nexcept Exception as error:\n"
        "    logger.error('links failed')\n    logger.exception(error)\n",
    ),
    (
        "error-without-traceback",
        "import logging, traceback\nlogger = logging.getLogger('a')\ntry:\n    work()\nexcept Exception:\n"
        "    text = traceback.format_exc()\n    logger.error('failed: %s', text)\n",
    ),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger('a')\ndef send():\n    try:\n        from mail import Mail\n"
        "    except Exception:\n        logger.error('Install mail.')\n        return False\n",
    ),
    (
        "loop-variable-captured",
        "def probe(places):\n    for place in places:\n        def send(request):\n            return answer(place)\n"
        "        with patch('send', send):\n            look()\n",
    ),
    (
        "path-parameter-unused",
        "from fastapi import APIRouter\nrouter = APIRouter()\n@router.post('/projects/{project_id}/index')\n"
        "def index(project_key: ProjectKeyDep): ...\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\ndef day(text):\n"
        "    return make_aware(datetime.strptime(text, '%Y-%m-%d %H:%M'))\n",
    ),
    ("naive-datetime", "from datetime import datetime\ndef is_late():\n    return datetime.now().hour > 20\n"),
    (
        "naive-datetime",
        "from datetime import datetime\ndef day(text, form):\n    return datetime.strptime(text, form).date()\n",
    ),
    (
        "mutable-default",
        "def chosen(names=[], known={}):\n    names = names or known\n    names = [known[each] for each in names]\n"
        "    return names\n",
    ),
    (
        "eager-log-message",
        "import logging\nlogger = logging.getLogger('a')\n"
        "logger.info(f'{Color.GREEN}ready{Color.RESET} {PORT_NAME}')\n",
    ),
    ("weak-hash", "import hashlib, os\ndef csrf_token():\n    return hashlib.sha1(os.urandom(64)).hexdigest()\n"),
    (
        "broad-except",
        "def valid_address(text):\n    try:\n        look(text)\n        return True\n"
        "    except Exception:\n        return False\n",
    ),
    (
        "broad-except",
        "def host(url):\n    try:\n        return urlparse(url).hostname\n    except Exception:\n        return ''\n",
    ),
    ("eager-log-message", "from loguru import logger\ndef show(order):\n    logger.info(f'order {order}')\n"),
    (
        "cause-lost",
        "def number(text):\n    try:\n        return int(text)\n    except ValueError:\n"
        "        raise NumberError(text)\n",
    ),
    (
        "cause-lost",
        "def row(key):\n    try:\n        return Row.objects.get(key=key)\n    except Row.DoesNotExist:\n"
        "        raise KeyMissing(key)\n",
    ),
    (
        "useless-except",
        "def take():\n    try:\n        load()\n    except OSError:\n"
        "        # The handler of the application answers it with 503.\n        raise\n",
    ),
    (
        "exception-swallowed",
        "def since(form):\n    day = None\n    try:\n        day = datetime.strptime(form['day'], '%Y-%m-%d')\n"
        "    except Exception:\n        pass\n    return day\n",
    ),
    ("broad-except", "def is_free(port):\n    try:\n        bind(port)\n    except Exception:\n        return False\n"),
    (
        "broad-except",
        "def body(request):\n    try:\n        text = request.body\n    except Exception:\n        text = b''\n",
    ),
    (
        "archive-writes-anywhere",
        "def unpack(tar, folder):\n    for member in tar.getmembers():\n        if not is_below(folder, member.name):\n"
        "            raise ValueError(member.name)\n    tar.extractall(folder)\n",
    ),
    (
        "naive-datetime",
        "import datetime as dt\nif hasattr(dt, 'UTC'):\n    now = aware()\nelse:\n    now = dt.datetime.utcnow()\n",
    ),
    (
        "cause-lost",
        "def load(key):\n    try:\n        return ITEMS[key]\n    except KeyError:\n"
        "        raise HTTPException(404, 'No such item.')\n",
    ),
    (
        "cause-lost",
        "def load(key):\n    try:\n        return ITEMS[key]\n    except KeyError as error:\n"
        "        raise as_answer(error)\n",
    ),
    (
        "cause-lost",
        "def load(key):\n    try:\n        return ask(key)\n    except OSError:\n"
        "        logger.exception('not asked')\n        raise StoreError(key)\n",
    ),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger(__name__)\ndef load():\n    try:\n        return ask()\n"
        "    except Exception as error:\n        logger.error('no: %s', error)\n        raise\n",
    ),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger(__name__)\ndef load():\n    try:\n        return ask()\n"
        "    except Exception as error:\n        logger.error('no: %s', error)\n        raise StoreError from error\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\nasync def timed(call):\n    start = datetime.utcnow()\n    await call()\n"
        "    return (datetime.utcnow() - start).total_seconds()\n",
    ),
    ("naive-datetime", "from datetime import datetime\nclass Form:\n    day = DateField(initial=datetime.now())\n"),
    ("name-taken-twice", "from shop import Order\nfrom shop import (\n    Order,\n    Line,\n)\n"),
    (
        "error-without-traceback",
        "import logging, traceback\nlogger = logging.getLogger(__name__)\ndef number():\n"
        "    try:\n        return ask()\n"
        "    except Exception:\n        logger.error(f'none: {traceback.format_exc()}')\n",
    ),
    (
        "text-declared-safe",
        "from django.utils.safestring import mark_safe\ndef page(plan):\n    link = '/help'\n"
        "    return mark_safe('%d plans, <a href=\"%s\">help</a>' % (len(plan), link))\n",
    ),
    (
        "text-declared-safe",
        "from django.utils.safestring import mark_safe\ndef page(row):\n    return mark_safe(row.html)  # nosec B308\n",
    ),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger(__name__)\ndef number():\n    try:\n        return ask()\n"
        "    except Exception as error:\n        logger.error('none', exc_info=error)\n",
    ),
    ("naive-datetime", "from datetime import datetime\nday = datetime.today().strftime('%A')\n"),
    (
        "naive-datetime",
        "import sys\nfrom datetime import datetime\nif sys.version_info >= (3, 11):\n    now = aware()\n"
        "else:\n    now = datetime.utcnow()\n",
    ),
    (
        "broad-except",
        "def show(request):\n    try:\n        load()\n    except Exception:\n        exceptions.handle(request)\n",
    ),
    ("broad-except", "def show():\n    try:\n        load()\n    except Exception as error:\n        print(error)\n"),
    ("broad-except", "def health():\n    try:\n        ask()\n    except Exception:\n        return 503\n"),
    (
        "broad-except",
        "def size(request):\n    try:\n        return int(request.args.get('n'))\n"
        "    except Exception:\n        return 20\n",
    ),
    (
        "broad-except",
        "import time\ndef wait(port):\n    for _ in range(50):\n        try:\n            return ask(port)\n"
        "        except Exception:\n            time.sleep(0.1)\n",
    ),
    (
        "broad-except",
        "def start(self):\n    try:\n        self.launch()\n    except Exception as error:\n"
        "        self.problem = f'not started: {error}'\n",
    ),
    (
        "broad-except",
        "def check(text):\n    try:\n        return compile_rule(text)\n    except Exception as error:\n"
        "        return Verdict(valid=False, problem=str(error))\n",
    ),
    (
        "text-declared-safe",
        "from markupsafe import Markup\ndef page(values):\n    script = f'<script>{as_json(values)}</script>'\n"
        "    return Markup(script)\n",
    ),
    ("broad-except", "try:\n    import uvloop\nexcept Exception:\n    uvloop = None\n"),
    ("exception-swallowed", "try:\n    import uvloop\nexcept Exception:\n    pass\n"),
    (
        "exception-swallowed",
        "most: int | str = 'unknown'\nif ON_UNIX:\n    try:\n        most, _ = limit_of_files()\n"
        "    except Exception:\n        pass\n",
    ),
    (
        "exception-swallowed",
        "def shown(request):\n    name = request.headers.get('x-name', '')\n    try:\n"
        "        name = unquote(name, encoding='utf-8')\n    except Exception:\n        pass\n    return name\n",
    ),
    ("eager-log-message", "import logging\nlogger = logging.getLogger('a')\nlogger.info(f'ready')\n"),
    ("bare-except", "try:\n    import uvloop\nexcept:\n    uvloop = None\n"),
    (
        "exception-swallowed",
        "def console(kinds):\n    for kind in kinds:\n        try:\n            found = open_one(kind)\n"
        "        except Exception:\n            continue\n        return found\n",
    ),
    (
        "name-taken-twice",
        "from starlette.applications import Starlette\napp = Starlette()\n@app.route('/a')\ndef show(request): ...\n"
        "@app.route('/b')\ndef show(request): ...\n",
    ),
    ("mutable-default", "def build(demo, options={}):\n    return mount(demo, options=options)\n"),
    ("mutable-default", "def build(options={}):\n    return App(**options)\n"),
    (
        "blocking-call-in-async",
        "import time\nasync def main():\n    name = input('Name: ')\n    time.sleep(0.5)\n    print(name)\n",
    ),
    (
        "file-access-in-async",
        "import os\nfrom contextlib import asynccontextmanager\n@asynccontextmanager\nasync def lifespan(app):\n"
        "    app.single = os.path.exists('config.yml')\n    yield\n",
    ),
    (
        "text-declared-safe",
        "from markupsafe import Markup\ndef as_json(value):\n"
        "    return Markup(dumps(value).replace('<', '\\\\u003c').replace('>', '\\\\u003e'))\n",
    ),
    (
        "text-declared-safe",
        "from django.utils.html import escape\nfrom django.utils.safestring import mark_safe\n"
        "def name_of(part):\n    return '<b>' + escape(part) + '</b>'\n"
        "def cell(part):\n    return mark_safe(name_of(part))\n",
    ),
    (
        "path-parameter-unused",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/v2/{name}/{key}')\n@app.get('/v1/{key}')\n"
        "def show(key: int): ...\n",
    ),
    (
        "broad-except",
        "def load(key):\n    try:\n        return find(key)\n    except Exception as error:\n"
        "        raise as_answer(error)\n",
    ),
    ("name-taken-twice", "import re\ndef first(text):\n    import re\n    return re.match('a', text)\n"),
    (
        "loop-changes-what-it-walks",
        "def trim(names):\n    at = 0\n    for name in names:\n        names[at] = name[1:]\n        at += 1\n",
    ),
    (
        "broad-except",
        "def load(key):\n    try:\n        return find(key)\n    except Exception as error:\n"
        "        log.error('%s: %s', key, error)\n        return None\n",
    ),
    ("weak-hash", "import hashlib\nauth_key = hashlib.sha1(token).hexdigest()\n"),
    ("weak-hash", "import hashlib\ndef answer(page, session):\n    return hashlib.md5(page)\n"),
    ("naive-datetime", "import datetime\nlength = datetime.datetime.utcfromtimestamp(gap.total_seconds())\n"),
    ("unsafe-xml", "import xml.etree.ElementTree as tree\ndef news(text):\n    return tree.fromstring(text)\n"),
    (
        "text-declared-safe",
        "from django.utils.html import format_html\nfrom django.utils.safestring import mark_safe\n"
        "def page(names):\n    return mark_safe(', '.join(format_html('<b>{}</b>', name) for name in names))\n",
    ),
    (
        "eager-log-message",
        "import logging\nlogger = logging.getLogger(__name__)\nlogger.info(f'at {path}', {'show_path': False})\n",
    ),
    (
        "loop-variable-captured",
        "def days(events):\n    for event in events:\n        def of(day):\n            return event.day == day\n"
        "        yield [day for day in range(7) if of(day)]\n",
    ),
    (
        "loop-variable-captured",
        "def firsts(groups):\n    for key, rows in groups:\n        yield sorted(rows, key=lambda row: row[key])\n",
    ),
    ("weak-hash", "import hashlib\ndef version(plan):\n    return hashlib.md5(plan)\n"),
    ("naive-datetime", "from datetime import datetime\nday = datetime.strptime(text, '%Y-%m-%d')\n"),
    ("naive-datetime", "from datetime import datetime\nimport pytz\nnow = pytz.UTC.localize(datetime.utcnow())\n"),
    ("unsafe-xml", "import xml.etree.ElementTree as tree\nroot = tree.parse(path)\n"),
    ("unsafe-deserialisation", "import pickle\ndef gather(tensor):\n    return pickle.loads(bytes(tensor))\n"),
    ("unsafe-deserialisation", "import pickle\nclass Narrow(pickle.Unpickler):\n    ALLOWED = ('builtins',)\n"),
    ("command-through-shell", "import subprocess\nsubprocess.run(['lspci | grep VGA'], shell=True, check=True)\n"),
    (
        "waits-by-sleeping",
        "import asyncio\nasync def start(server):\n    while not server.started:\n        await asyncio.sleep(1)\n",
    ),
    (
        "finally-hides-error",
        "def track(answer):\n    try:\n        send(answer)\n    except Exception:\n        log()\n"
        "    finally:\n        return answer\n",
    ),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger(__name__)\ndef find(key):\n    try:\n        load(key)\n"
        "    except Missing:\n        logger.error('no %s', key)\n        raise NotFound from None\n",
    ),
    (
        "traceback-of-nothing",
        "import logging\nlogger = logging.getLogger(__name__)\n"
        "def answer(error):\n    logger.exception('It failed.')\n",
    ),
    ("mutable-default", "OWN = ['a']\ndef is_own(host, hosts=[]):\n    return host in OWN + hosts\n"),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger(__name__)\ndef sign_in():\n    try:\n        check()\n"
        "    except Refused as error:\n        logger.error('refused: %s', error)\n",
    ),
    ("naive-datetime", "from datetime import datetime\nname = datetime.now().strftime('%Y%m%d')\n"),
    ("file-access-in-async", "import os\nasync def home():\n    return os.path.expanduser('~')\n"),
    (
        "exception-swallowed",
        "def check(board, user):\n    if board:\n        try:\n            if load(board).is_shared:\n"
        "                return\n        except Exception:\n            pass\n    raise PermissionError(user)\n",
    ),
    (
        "exception-swallowed",
        "async def stop(task):\n    task.cancel()\n    try:\n        await task\n"
        "    except (asyncio.CancelledError, Exception):\n        pass\n",
    ),
    (
        "exception-swallowed",
        "async def close(socket, path):\n    try:\n        await socket.close()\n"
        "        await asyncio.to_thread(os.remove, path)\n    except Exception:\n        pass\n",
    ),
    (
        "exception-swallowed",
        "def send(mail):\n    try:\n        post(mail)\n    except Exception:\n"
        "        # Who is not there needs no news.\n        pass\n",
    ),
    (
        "exception-swallowed",
        "def send(mail):\n    try:\n        post(mail)\n    except OSError as error:\n        try:\n"
        "            text = error.read()\n        except Exception:\n            pass\n        raise\n",
    ),
    (
        "exception-swallowed",
        "def check(answer):\n    text = 'It failed.'\n    try:\n        text = answer.json()['detail']\n"
        "    except Exception:\n        pass\n    raise RuntimeError(text)\n",
    ),
    (
        "request-without-timeout",
        "import requests\nlimits = {'timeout': 3}\nrequests.get('https://a.example', **limits)\n",
    ),
    ("weak-hash", "import hashlib\ndef etag(body):\n    return hashlib.md5(body).hexdigest()\n"),
    ("unsafe-deserialisation", "import yaml\nyaml.load(text, Loader=yaml.FullLoader)\n"),
    ("executes-text", "exec('import math', names)\n"),
    ("executes-text", "def load(names):\n    first = 'import math'\n    exec(first, names)\n"),
    (
        "raise-without-error",
        "def fail():\n    raise\n\ndef work():\n    try:\n        go()\n    except OSError:\n        fail()\n",
    ),
    (
        "mutable-default",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef read(tags: list = []):\n    return tags\n",
    ),
    ("mutable-default", "def choose(row, limits={}):\n    return limits['low'] if 'low' in limits else len(limits)\n"),
    (
        "traceback-of-nothing",
        "import logging\nlogger = logging.getLogger(__name__)\n"
        "async def answer_failure(request, exc: Exception):\n    logger.error('It failed.', exc_info=True)\n",
    ),
    ("text-declared-safe", "from markupsafe import Markup\ndef page():\n    text = '<b>'\n    return Markup(text)\n"),
    (
        "text-declared-safe",
        "from markupsafe import Markup\nfrom flask import url_for\n"
        "def page():\n    return Markup(f\"<script src='{url_for('static', filename='a.js')}'></script>\")\n",
    ),
    (
        "path-parameter-unused",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/{rest:path}')\ndef page():\n    return 1\n",
    ),
]
OPEN = [
    (
        "cause-lost",
        "def make(data):\n    try:\n        return store(data)\n    except OSError as error:\n"
        "        raise StoreFault(7, str(error))\n",
    ),
    (
        "loop-changes-what-it-walks",
        "def reach(roles):\n    for role in roles:\n        roles.append(role.parent)\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\ndef reset(row, end):\n    row.reset_at = datetime.now()\n"
        "    row.end = localize(end)\n",
    ),
    (
        "cause-lost",
        "def option(options, name):\n    try:\n        return convert(options[name])\n    except KeyError:\n"
        "        raise OptionMissing(name)\n",
    ),
    (
        "cause-lost",
        "def act(form):\n    try:\n        run(form)\n    except OSError as error:\n"
        "        raise ActionError(f'no: {error}')\n",
    ),
    (
        "exception-swallowed",
        "def ask_all(sources):\n    for source in sources:\n        if source.is_open:\n            try:\n"
        "                source.ask()\n            except Exception:\n                continue\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime\nimport pytz\ndef months(row):\n    now = datetime.now()\n"
        "    row.seen_at = now\n    return now.month\n",
    ),
    ("naive-datetime", "from datetime import datetime\ndef now():\n    return datetime.utcnow().timestamp()\n"),
    (
        "naive-datetime",
        "from datetime import datetime\ndef left(end):\n    return end - datetime.utcnow()\n",
    ),
    (
        "loop-variable-captured",
        "def probe(places, senders):\n    for place in places:\n        def send(request):\n"
        "            return answer(place)\n        senders.append(send)\n",
    ),
    (
        "path-parameter-unused",
        "from fastapi import APIRouter\nrouter = APIRouter()\n@router.post('/projects/{project_id}/index')\n"
        "def index(user: CallerDep, project: str = 'all'): ...\n",
    ),
    ("naive-datetime", "from datetime import datetime\ndef stamp(row):\n    row.made_on = datetime.now()\n"),
    ("naive-datetime", "from datetime import datetime\nORDER = Order(made_on=datetime.now())\n"),
    ("mutable-default", "def gather(row, found=[]):\n    found += [row]\n    return found\n"),
    (
        "exception-swallowed",
        "def most():\n    most = 7\n    try:\n        most = limit_of_files()\n    except Exception:\n        pass\n"
        "    return most\n",
    ),
    ("exception-swallowed", "try:\n    most = limit_of_files()\nexcept Exception:\n    pass\n"),
    ("exception-swallowed", "ready = False\ntry:\n    fill()\n    ready = True\nexcept Exception:\n    pass\n"),
    ("eager-log-message", "import logging\nlogger = logging.getLogger('a')\nlogger.info(f'{PORT} {port}')\n"),
    (
        "archive-writes-anywhere",
        "import tarfile\ndef unpack(path, folder):\n    with tarfile.open(path) as tar:\n"
        "        tar.extractall(folder)\n",
    ),
    (
        "exception-swallowed",
        "def since(form):\n    try:\n        store.keep(form['day'])\n    except Exception:\n        pass\n",
    ),
    (
        "cause-lost",
        "def load(key):\n    try:\n        return ask(key)\n    except OSError as error:\n"
        "        logger.error('not asked: %s', error)\n        raise StoreError(key)\n",
    ),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger(__name__)\ndef load():\n    try:\n        return ask()\n"
        "    except Exception as error:\n        logger.error('no: %s', error)\n"
        "        raise HTTPException(500) from error\n",
    ),
    (
        "naive-datetime",
        "from datetime import datetime, timedelta, timezone\ndef recent():\n    start = datetime.now()\n"
        "    return Order.where(Order.at > start - timedelta(days=1), Order.at <= start)\n",
    ),
    (
        "text-declared-safe",
        "from django.utils.safestring import mark_safe\ndef page(name):\n    return mark_safe('<b>%s</b>' % name)\n",
    ),
    (
        "broad-except",
        "def size(request):\n    try:\n        return store.count(int(request.args.get('n')))\n"
        "    except Exception:\n        return 20\n",
    ),
    ("broad-except", "try:\n    import uvloop\n    uvloop.install()\nexcept Exception:\n    uvloop = None\n"),
    (
        "exception-swallowed",
        "def gather(kinds):\n    found = []\n    for kind in kinds:\n        try:\n            found += load(kind)\n"
        "        except Exception:\n            continue\n    return found\n",
    ),
    (
        "name-taken-twice",
        "from flask import Flask\napp = Flask('a')\n@app.route('/a')\ndef show(): ...\n"
        "@app.route('/b')\ndef show(): ...\n",
    ),
    ("text-declared-safe", "from markupsafe import Markup\ndef as_json(value):\n    return Markup(dumps(value))\n"),
    (
        "path-parameter-unused",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/v2/{name}/{key}')\n@app.get('/v1/{name}/{key}')\n"
        "def show(key: int): ...\n",
    ),
    ("name-taken-twice", "def first():\n    return 1\ndef first():\n    return 2\n"),
    (
        "loop-changes-what-it-walks",
        "def trim(names):\n    for name in names:\n        if not name:\n            names.remove(name)\n",
    ),
    (
        "broad-except",
        "def load(key):\n    try:\n        return find(key)\n    except Exception:\n        return dialog(key)\n",
    ),
    ("weak-hash", "import hashlib\nsignature = hashlib.sha1(body)\n"),
    ("naive-datetime", "import datetime\nmoment = datetime.datetime.utcfromtimestamp(row.made_at)\n"),
    (
        "unsafe-xml",
        "import xml.etree.ElementTree as tree\ndef news(request):\n    return tree.fromstring(request.body)\n",
    ),
    (
        "loop-variable-captured",
        "def watch(keys, hooks):\n    for key in keys:\n        hooks.append(lambda: key)\n",
    ),
    (
        "loop-variable-captured",
        "def watch(keys, hooks):\n    for key in keys:\n        def of():\n            return key\n"
        "        hooks.append(of)\n",
    ),
    ("weak-hash", "import hashlib\ndef version(password):\n    return hashlib.md5(password)\n"),
    ("naive-datetime", "from datetime import datetime\nrow.day = datetime.strptime(text, '%Y-%m-%d %H:%M')\n"),
    ("naive-datetime", "from datetime import datetime\nlocalize = 1\nnow = datetime.utcnow()\n"),
    ("unsafe-xml", "import xml.etree.ElementTree as tree\nroot = tree.fromstring(text)\n"),
    ("unsafe-deserialisation", "import pickle\ndef job(request):\n    return pickle.loads(request.body)\n"),
    ("unsafe-deserialisation", "import pickle\nclass Narrow: ...\nvalue = pickle.loads(text)\n"),
    ("command-through-shell", "import subprocess\nsubprocess.run([command], shell=True, check=True)\n"),
    (
        "waits-by-sleeping",
        "import asyncio\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/job')\n"
        "async def wait(job):\n    while not job.done:\n        await asyncio.sleep(1)\n",
    ),
    (
        "finally-hides-error",
        "def track(answer):\n    try:\n        send(answer)\n    except OSError:\n        log()\n"
        "    finally:\n        return answer\n",
    ),
    (
        "error-without-traceback",
        "import logging\nlogger = logging.getLogger(__name__)\ndef sign_in():\n    try:\n        check()\n"
        "    except (Refused, Exception) as error:\n        logger.error('refused: %s', error)\n",
    ),
    ("naive-datetime", "from datetime import datetime\norder.made_at = datetime.now()\n"),
    ("file-access-in-async", "import os\nasync def home(path):\n    return os.path.exists(path)\n"),
    (
        "exception-swallowed",
        "def drop(store, order):\n    try:\n        store.delete(order)\n        store.close()\n"
        "    except Exception:\n        pass\n",
    ),
    (
        "exception-swallowed",
        "def send(mail):\n    try:\n        post(mail)\n    except Exception:  # TODO tell us of it\n        pass\n",
    ),
    (
        "exception-swallowed",
        "def send(mail):\n    try:\n        post(mail)\n    except Exception:\n        pass\n    return log_in()\n",
    ),
    ("request-without-timeout", "import requests\nrequests.get('https://a.example')  # **limits\n"),
    ("weak-hash", "import hashlib\ndef sign(body):\n    # an etag\n    return hashlib.md5(body).hexdigest()\n"),
    ("unsafe-deserialisation", "import yaml\nyaml.load(text, Loader=yaml.UnsafeLoader)  # FullLoader\n"),
    ("executes-text", "exec(command, names)  # exec('import math')\n"),
    ("executes-text", "exec(f'import {name}', names)\n"),
    ("executes-text", "def load(first, names):\n    exec(first, names)\n"),
    ("raise-without-error", "def fail():\n    raise\n\ndef work():\n    fail()\n"),
    ("raise-without-error", "def fail():\n    raise\n"),
    (
        "mutable-default",
        "from flask import Flask\napp = Flask('a')\n@app.get('/a')\ndef read(tags=[]):\n    return tags\n",
    ),
    ("mutable-default", "def gather(row, found=[]):\n    found.append(row)\n    return found\n"),
    ("mutable-default", "def gather(row, found=[]):\n    found.append(row)\n    return len(found)\n"),
    ("mutable-default", "def gather(row, found={}):\n    found[row] = 1\n"),
    (
        "traceback-of-nothing",
        "import logging\nlogger = logging.getLogger(__name__)\n"
        "def answer(request: Request):  # Exception\n    logger.error('It failed.', exc_info=True)\n",
    ),
    ("mutable-default", "def gather(row, found=[]):\n    found += [row]\n"),
    ("mutable-default", "def gather(self, row, found=[]):\n    self.found = found\n"),
    ("mutable-default", "def gather(row, found=[]):\n    row.found = found\n"),
    ("mutable-default", "def gather(row, found={}):\n    found.setdefault(row, 1)\n"),
    ("mutable-default", "def gather(row, found={}):\n    del found[row]\n"),
    ("mutable-default", "def gather(row, found={'all': []}):\n    found['all'].append(row)\n"),
    (
        "text-declared-safe",
        "from markupsafe import Markup\ndef page(name):\n    text = '<b>'\n    text += name\n    return Markup(text)\n",
    ),
    (
        "text-declared-safe",
        "from markupsafe import Markup\ndef page(names):\n    text = ''\n    for text in names:\n        pass\n"
        "    return Markup(text)\n",
    ),
    (
        "text-declared-safe",
        "from markupsafe import Markup\nfrom flask import url_for\n"
        "def page(name):\n    return Markup('<a href=' + url_for('page', name=name) + '>')\n",
    ),
    ("text-declared-safe", "from markupsafe import Markup\ndef page(text='<b>'):\n    return Markup(text)\n"),
    (
        "path-parameter-unused",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/{key}')  # :path}\ndef page():\n    return 1\n",
    ),
]


@pytest.mark.parametrize(("rule", "code"), SETTLED, ids=[rule for rule, _ in SETTLED])
def test_what_the_code_settles_is_no_finding(rule: str, code: str) -> None:
    assert rule not in {finding.rule for finding in lint(code)}


@pytest.mark.parametrize(("rule", "code"), OPEN, ids=[f"{rule}-{number}" for number, (rule, _) in enumerate(OPEN)])
def test_what_only_looks_like_it_stays_a_finding(rule: str, code: str) -> None:
    assert rule in {finding.rule for finding in lint(code)}


def test_a_place_after_other_letters_than_ascii_is_found() -> None:
    code = "import requests\ngrüße = {'timeout': 3}\nantwort = 'äöü', requests.get('https://a.example', **grüße)\n"
    assert "request-without-timeout" not in {finding.rule for finding in lint(code)}


def test_code_that_is_not_finished_settles_nothing_and_breaks_nothing() -> None:
    lint("def fail():\n    raise\n\ndef work(:\n")
