/* Locust: from a locustfile's text to the plan. The texts are short files as people write them;
 * what each must say was counted with Locust 2.47 or follows from its source. */
#include "base/array.h"
#include "tests/unit/plan_test.h"

#define RUN "locust --headless -u 40 -r 40 -t 1m"
#define FAST                                                     \
	"from locust import FastHttpUser, task, constant, between\n" \
	"class U(FastHttpUser):\n"                                   \
	"    host = 'http://10.0.0.5:8080'\n"
#define HTTP                                                 \
	"import requests\n"                                      \
	"from locust import HttpUser, task, constant, between\n" \
	"class U(HttpUser):\n"                                   \
	"    host = 'http://10.0.0.5:8080'\n"
#define TASK "    @task\n    def t(self):\n"
#define GET  "        self.client.get('/')\n"

struct locust_case {
	const char *text, *command, *want;
};

static const struct locust_case users[] = {
		{HTTP TASK GET,
				RUN,
				"connections=40 users=40 open_rate_per_s=0 closer=client duration_s=60 "
				"destinations=10.0.0.5:8080 memory_base_bytes=5.5e+07 memory_per_user_bytes=50000 "
				"fds_base=5 connections~estimate"},
		{FAST TASK GET, RUN, "connections=40 memory_per_user_bytes=25000"},
		{HTTP TASK GET, "locust --headless -u 40", "stages=40s:40 connections=-"},
		{HTTP TASK GET, "locust --headless -u 40 -r 1 -t 10", "stages=10s:10"},
		{HTTP TASK GET, "locust", "?connections"},
		{HTTP TASK GET, RUN " --processes 4", "processes=4 fds_base=14"},
		{HTTP TASK GET, RUN " --processes -1", "processes=2"},
		{HTTP TASK GET,
				RUN " --otel --web-base-path /x --web-host-display-name a",
				"connections=40"},
		{HTTP TASK GET, RUN " -T one two -E three four", "connections=40"},
		{HTTP TASK GET, RUN " U", "connections=40"},
		{HTTP TASK GET, RUN " V", "?connections"},
		{HTTP TASK GET, RUN " --no-such", "!locust has no option --no-such"},
		/* options that the locustfile declares */
		{"from locust import events\n"
		 "@events.init_command_line_parser.add_listener\n"
		 "def _(parser):\n"
		 "    parser.add_argument('--tenant', default='a')\n"
		 "    parser.add_argument('-x', '--extra', action='store_true')\n" HTTP TASK GET,
				RUN " --tenant b --extra",
				"connections=40"},
		{"from locust_plugins import constant_total_ips\n" HTTP TASK GET,
				RUN " --ips 20",
				"?connections"},
		/* several classes */
		{HTTP TASK GET "class V(HttpUser):\n    host='http://10.0.0.6'\n" TASK GET,
				RUN,
				"connections=40 destinations=2"},
		{HTTP TASK GET
				"        self.client.get('http://10.0.0.6/')\n"
				"class V(HttpUser):\n    host='http://10.0.0.6'\n    fixed_count = 10\n" TASK GET,
				RUN,
				"connections=70 destinations=2"},
		{HTTP "    abstract = True\n" TASK GET "class V(U):\n    pass\n", RUN, "connections=40"},
		{HTTP "    abstract = True\n" TASK GET, RUN, "?connections"},
		{"class S:\n    pass\n", RUN, "?connections"},
		{"", RUN, "?connections"},
};

static const struct locust_case hosts[] = {
		{HTTP TASK "        self.client.get('http://10.0.0.6/')\n",
				RUN,
				"destinations=10.0.0.6:80"},
		{HTTP TASK GET "        self.client.get('http://10.0.0.6/')\n",
				RUN,
				"destinations=2 connections=80"},
		{HTTP TASK "        self.client.get('/', headers={'Referer': 'http://r.example/'})\n"
				   "        self.client.get('/', headers={'Origin': 'http://o.example'})\n",
				RUN,
				"connections=40 destinations=10.0.0.5:8080"},
		{"\"\"\"See http://docs.example/ \"\"\"\n" HTTP TASK
		 "        '''http://docs.example/more'''\n" GET,
				RUN,
				"destinations=10.0.0.5:8080"},
		{HTTP TASK "        self.client.post('/', json={'callback': 'http://me.example/'})\n",
				RUN,
				"destinations=10.0.0.5:8080"},
		{HTTP TASK GET, RUN " -H https://other.example", "destinations=other.example:443"},
		{"import os\nfrom locust import HttpUser, task\nclass U(HttpUser):\n"
		 "    host = os.getenv('TARGET', 'http://10.0.0.7')\n" TASK GET,
				RUN,
				"destinations=10.0.0.7:80"},
		{"import os\nfrom locust import HttpUser, task\nclass U(HttpUser):\n"
		 "    host = os.getenv('TARGET', 'http://10.0.0.7')\n" TASK GET,
				"env TARGET=http://10.0.0.8:81 " RUN,
				"destinations=10.0.0.8:81"},
		{"import os\nfrom locust import HttpUser, task\nclass U(HttpUser):\n"
		 "    host = os.environ['TARGET']\n" TASK GET,
				"env TARGET=http://10.0.0.8:81 " RUN,
				"destinations=10.0.0.8:81"},
		{"import os\nfrom locust import HttpUser, task\nclass U(HttpUser):\n"
		 "    host = os.environ['TARGET']\n" TASK GET,
				RUN,
				"?destinations"},
		{"from os import environ as e\nPORT = 81\n"
		 "from locust import HttpUser, task\nclass U(HttpUser):\n"
		 "    host = e.get('TARGET') or f'http://10.0.0.9:{PORT}/x'\n" TASK GET,
				RUN,
				"destinations=10.0.0.9:81"},
		{"BASE = 'http://10.0.0.6'\n" HTTP TASK "        self.client.get(BASE + '/a')\n"
		 "        self.client.get(f'{BASE}/b/{self.x}')\n"
		 "        self.client.get('%s/c' % BASE)\n",
				RUN,
				"destinations=2 connections=80"},
		{"BASE = 'http://10.0.0.6/'.rstrip('/')\n" HTTP TASK
		 "        self.client.request('GET', BASE + '/a')\n",
				RUN,
				"destinations=10.0.0.6:80"},
		{HTTP TASK "        self.client.get(f'http://{self.name}/')\n" GET,
				RUN,
				"+plan-locust-host connections=40"},
		{"URLS = ['http://a.example/', 'http://b.example/']\n" HTTP TASK
		 "        for u in URLS:\n            self.client.get(u)\n",
				RUN,
				"destinations=3"},
		{HTTP TASK "        self.client.get(self.path)\n", RUN, "destinations=10.0.0.5:8080"},
		{"from locust import HttpUser, task\nclass U(HttpUser):\n" TASK GET, RUN, "?destinations"},
		{HTTP TASK "        d = {}\n        d.get('x')\n" GET, RUN, "connections=40"},
};

static const struct locust_case closing[] = {
		{HTTP "    wait_time = between(1, 3)\n" TASK
			  "        self.client.get('/', headers={'Connection': 'close'})\n",
				RUN,
				"closer=server requests_per_connection=1 open_rate_per_s=20 connections=40"},
		{HTTP "    def on_start(self):\n        self.client.headers['Connection'] = 'close'\n"
			  "    wait_time = constant(2)\n" TASK GET GET,
				RUN,
				"closer=server open_rate_per_s=40"},
		{HTTP "    def on_start(self):\n"
			  "        self.client.headers.update({\"connection\": \"close\"})\n" TASK GET,
				RUN,
				"closer=server ?latency ?open-rate"},
		{FAST "    default_headers = {'Connection': 'close'}\n    wait_time = constant(1)\n" TASK
						GET,
				RUN,
				"closer=server open_rate_per_s=40"},
		{HTTP TASK GET "        # 'Connection': 'close'\n", RUN, "open_rate_per_s=0"},
		{HTTP TASK "        self.client.get('/', headers={'Connection': 'keep-alive'})\n",
				RUN,
				"open_rate_per_s=0"},
		{HTTP "    wait_time = constant(1)\n" TASK "        requests.get('http://10.0.0.6/')\n",
				RUN,
				"closer=client open_rate_per_s=40 requests_per_connection=1"},
		{"import requests as r\nfrom locust import User, task, constant_pacing\n"
		 "class U(User):\n    wait_time = constant_pacing(4)\n" TASK
		 "        r.post(url='http://10.0.0.6/')\n",
				RUN,
				"closer=client open_rate_per_s=10 destinations=10.0.0.6:80"},
		{"from requests import get\nfrom locust import User, task, constant_throughput\n"
		 "class U(User):\n    wait_time = constant_throughput(0.5)\n" TASK
		 "        get('http://10.0.0.6/')\n",
				RUN,
				"closer=client open_rate_per_s=20"},
		{"import httpx\nfrom locust import User, task, constant\n"
		 "class U(User):\n    wait_time = constant(1)\n" TASK
		 "        httpx.get('http://10.0.0.6/')\n",
				RUN,
				"closer=client open_rate_per_s=40"},
		{"from urllib.request import urlopen\nfrom locust import User, task, constant\n"
		 "class U(User):\n    wait_time = constant(1)\n" TASK
		 "        urlopen('http://10.0.0.6/')\n",
				RUN,
				"closer=server open_rate_per_s=40"},
		{"import requests\nfrom locust import User, task, constant\n"
		 "class U(User):\n    wait_time = constant(1)\n" TASK
		 "        with requests.Session() as s:\n            s.get('http://10.0.0.6/')\n",
				RUN,
				"closer=client open_rate_per_s=40 connections=40"},
		{"import requests\nfrom locust import User, task, constant\n"
		 "class U(User):\n    def on_start(self):\n        self.session = requests.Session()\n" TASK
		 "        self.session.get('http://10.0.0.6/')\n",
				RUN,
				"closer=client open_rate_per_s=0 connections=40"},
		{HTTP "    wait_time = constant(1)\n" TASK
			  "        for i in range(5):\n            requests.get('http://10.0.0.6/')\n",
				RUN,
				"closer=client open_rate_per_s=200"},
		{HTTP "    wait_time = constant(1)\n" TASK
			  "        for i in self.pages:\n            requests.get('http://10.0.0.6/')\n",
				RUN,
				"closer=client ?open-rate"},
		{HTTP "    wait_time = constant(1)\n" TASK
			  "        while self.more():\n            requests.get('http://10.0.0.6/')\n",
				RUN,
				"closer=client ?open-rate"},
		{HTTP "    wait_time = constant(1)\n" TASK
			  "        [requests.get('http://10.0.0.6/') for i in range(3)]\n",
				RUN,
				"closer=client open_rate_per_s=120"},
		/* beside a connection that is kept */
		{HTTP "    wait_time = constant(1)\n" TASK GET "        requests.get('http://10.0.0.6/')\n",
				RUN,
				"closer=client connections=120 open_rate_per_s=40 requests_per_connection=-"},
		{HTTP "    wait_time = constant(1)\n" TASK GET "class V(HttpUser):\n    host = 'http://h'\n"
			  "    wait_time = constant(1)\n" TASK
			  "        self.client.get('/', headers={'Connection': 'close'})\n",
				RUN,
				"closer=server connections=40 open_rate_per_s=20 requests_per_connection=-"},
		{HTTP "    wait_time = constant(1)\n" TASK "        self.client.get('/', stream=True)\n",
				RUN,
				"closer=client open_rate_per_s=40"},
		{HTTP "    wait_time = constant(1)\n" TASK
			  "        with self.client.get('/', stream=True) as r:\n"
			  "            for line in r.iter_lines():\n                pass\n",
				RUN,
				"open_rate_per_s=0"},
		{HTTP "    wait_time = constant(1)\n" TASK GET "        self.client.close()\n",
				RUN,
				"closer=client open_rate_per_s=40"},
		{HTTP "    def on_stop(self):\n        self.client.close()\n" TASK GET,
				RUN,
				"open_rate_per_s=0"},
		{HTTP "    wait_time = constant(1)\n" TASK "        requests.get('http://10.0.0.6/')\n",
				"locust --headless -u 40 -r 4 -t 1m",
				"stages=10s:40,50s:40 lifetime_s=1 closer=client"},
		/* in a set of tasks, and in another user's class that does not run */
		{"from locust import HttpUser, TaskSet, task\nclass T(TaskSet):\n" TASK
		 "        self.client.get('/', headers={'Connection': 'close'})\n"
		 "class U(HttpUser):\n    host = 'http://h'\n    tasks = [T]\n",
				RUN,
				"closer=server"},
		{HTTP TASK GET "class V(HttpUser):\n" TASK
					   "        self.client.get('/', headers={'Connection': 'close'})\n",
				RUN " U",
				"closer=client open_rate_per_s=0"},
};

static const struct locust_case pools[] = {
		{"from gevent.pool import Group\n" FAST TASK
		 "        g = Group()\n        for i in range(20):\n"
		 "            g.spawn(self.client.get, '/')\n        g.join()\n",
				RUN,
				"connections=400 connections~bound"},
		{"import gevent\n" FAST "    concurrency = 3\n" TASK
		 "        gevent.joinall([gevent.spawn(self.client.get, '/') for _ in range(9)])\n",
				RUN,
				"connections=120 connections~bound"},
		{"from gevent.pool import Pool\n" HTTP TASK
		 "        pool = Pool(5)\n        pool.map(self.one, range(9))\n",
				RUN,
				"?connections"},
		{"import gevent\nfrom locust import events\n"
		 "@events.init.add_listener\ndef init(environment, **_):\n"
		 "    gevent.spawn(check, environment)\n" HTTP TASK GET,
				RUN,
				"connections=40 open_rate_per_s=0"},
		{"from urllib3 import PoolManager\n" HTTP
		 "    pool_manager = PoolManager(maxsize=10)\n" TASK GET,
				RUN,
				"?connections"},
		{"from geventhttpclient.client import HTTPClientPool\n" FAST
		 "    client_pool = HTTPClientPool(concurrency=100)\n" TASK GET,
				RUN,
				"?connections"},
		{"import requests\nfrom locust import User, task\nsession = requests.Session()\n"
		 "class U(User):\n" TASK "        session.get('http://10.0.0.6/')\n",
				RUN,
				"?connections"},
		{"import requests\nsession = requests.Session()\n" HTTP TASK GET,
				RUN,
				"connections=40 +plan-locust-shared"},
		{"import grpc\n" HTTP TASK GET, RUN, "?connections"},
		{"import websocket\nfrom locust import User, task\nclass U(User):\n" TASK "        pass\n",
				RUN,
				"?connections"},
		{"from locust.contrib.mqtt import MqttUser\nfrom locust import task\n"
		 "class U(MqttUser):\n" TASK "        pass\n",
				RUN,
				"?connections"},
		{"from locust_plugins.users.playwright import PlaywrightUser\nclass U(PlaywrightUser):\n"
		 "    host = 'http://h'\n",
				RUN,
				"?connections"},
		{"import redis\n" HTTP TASK GET, RUN, "connections=40 +plan-locust-beside"},
		{"import psycopg2\nfrom locust import User, task\nclass U(User):\n" TASK "        pass\n",
				RUN,
				"?connections"},
		{"from base import ApiUser\nclass U(ApiUser):\n    host = 'http://h'\n",
				RUN,
				"?connections"},
};

#define SHAPE "from locust import LoadTestShape\n"
#define TICK  "    def tick(self):\n        run_time = self.get_run_time()\n"
#define DICTS                                                        \
	"        for stage in self.stages:\n"                            \
	"            if run_time < stage['duration']:\n"                 \
	"                return (stage['users'], stage['spawn_rate'])\n" \
	"        return None\n"

static const struct locust_case shapes[] = {
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages = [\n"
							 "        {'duration': 60, 'users': 100, 'spawn_rate': 10},\n"
							 "        {'duration': 2 * 60, 'users': 500, 'spawn_rate': 100},\n"
							 "    ]\n" TICK DICTS,
				"locust --headless -u 5 -r 1 -t 1s",
				"stages=10s:100,50s:100,4s:500,56s:500 users=500 duration_s=120 connections=-"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages = [(60, 500), (180, 3000)]\n"
							 "    def tick(self):\n        for until, users in self.stages:\n"
							 "            if self.get_run_time() < until:\n"
							 "                return users, 100\n        return None\n",
				"locust --headless",
				"stages=5s:500,55s:500,25s:3000,95s:3000 users=3000 duration_s=180"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n" TICK
							 "        if run_time < 60:\n            return (100, 10)\n"
							 "        if run_time < 90:\n            return (700, 10)\n"
							 "        return None\n",
				"locust --headless",
				"stages=10s:100,50s:100,30s:400 users=400 duration_s=90"},
		{HTTP TASK GET SHAPE "TOP = 60 * 10\nclass S(LoadTestShape):\n" TICK
							 "        return (TOP, 10) if run_time < 9 else None\n",
				"locust --headless",
				"stages=9s:90 users=90 duration_s=9"},
		/* the end that tick() says, and conditions that are none */
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    time_limit = 20\n" TICK
							 "        if run_time > self.time_limit:\n            return None\n"
							 "        return (3000, 10)\n",
				"locust --headless",
				"stages=20s:200 users=200 duration_s=20"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages = [(60, 50), (180, 300)]\n" TICK
							 "        if round(run_time) >= 120: return\n"
							 "        for until, users in self.stages:\n"
							 "            if run_time < until:\n"
							 "                return users, 100\n",
				"locust --headless",
				"stages=0.5s:50,59.5s:50,2.5s:300,57.5s:300 duration_s=120"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n" TICK
							 "        if run_time > 20 and self.done:\n            return None\n"
							 "        for x in self.list:\n"
							 "            if run_time > 20:\n                return None\n"
							 "        return (300, 10)\n",
				"locust --headless",
				"stages=30s:300 users=300 duration_s=-"},
		/* a loop that ends with its first row, sums, and names of parts */
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages = [\n"
							 "        {'duration': 30, 'users': 20, 'spawn_rate': 5},\n"
							 "        {'duration': 100, 'users': 60, 'spawn_rate': 15}]\n" TICK
							 "        for stage in self.stages:\n"
							 "            if run_time < stage['duration']:\n"
							 "                data = (stage['users'], stage['spawn_rate'])\n"
							 "                return data\n"
							 "            return None\n",
				"locust --headless",
				"stages=4s:20,26s:20 users=20 duration_s=30"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages = [(30, 20), (100, 60)]\n" TICK
							 "        for until, users in self.stages:\n"
							 "            if run_time < until:\n                return users, 5\n"
							 "            else:\n                return None\n",
				"locust --headless",
				"stages=4s:20,26s:20 users=20"},
		{HTTP TASK GET SHAPE
				"class S(LoadTestShape):\n    steps = [(60, 2), (60, 100)]\n" TICK
				"        elapsed = 0\n"
				"        for duration, rate in self.steps:\n"
				"            elapsed += duration\n"
				"            if run_time < elapsed:\n"
				"                target = 1000\n                return (target, rate)\n"
				"        return None\n",
				"locust --headless",
				"stages=60s:120,8.8s:1000,51.2s:1000 users=1000 duration_s=120"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    _stages = [{'end': 60, 'users': 1},\n"
							 "        {'end': 90, 'users': 50}]\n" TICK
							 "        for stage in self._stages:\n"
							 "            if run_time < stage['end']:\n"
							 "                count = stage['users']\n                rate = 100\n"
							 "                return (count, rate)\n"
							 "        return None\n",
				"locust --headless",
				"stages=0.01s:1,59.99s:1,0.49s:50,29.51s:50 duration_s=90"},
		/* a pair that is given a name before it is returned, as in Locust's own example */
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages = [\n"
							 "        {'duration': 9, 'users': 30, 'spawn_rate': 10}]\n" TICK
							 "        for stage in self.stages:\n"
							 "            if run_time < stage['duration']:\n"
							 "                try:\n"
							 "                    data = (stage['users'], stage['spawn_rate'], "
							 "stage['classes'])\n"
							 "                except KeyError:\n"
							 "                    data = (stage['users'], stage['spawn_rate'])\n"
							 "                return data\n        return None\n",
				"locust --headless",
				"connections=30 users=30"},
		/* a return beside the stages counts, too */
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages = [\n"
							 "        {'duration': 9, 'users': 30, 'spawn_rate': 10}]\n" TICK
							 "        for stage in self.stages:\n"
							 "            if run_time < stage['duration']:\n"
							 "                return stage['users'], stage['spawn_rate']\n"
							 "        return (900, 10)\n",
				"locust --headless",
				"connections=900"},
		/* the later class of the same name counts */
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n" TICK "        return (9, 9)\n"
							 "class S(LoadTestShape):\n" TICK "        return (11, 9)\n",
				"locust --headless",
				"users=11"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages: list[dict[str, int]] = [\n"
							 "        {\"end\": 30, \"users\": 20, \"rate\": 20},\n"
							 "        # {\"end\": 90, \"users\": 900},\n"
							 "    ]\n" TICK "        for s in self.stages:\n"
							 "            if run_time < s[\"end\"]:\n"
							 "                data = (s[\"users\"], s[\"rate\"])\n"
							 "                return data\n",
				"locust --headless",
				"stages=1s:20,29s:20 users=20"},
		/* computed */
		{HTTP TASK GET SHAPE "import math\nclass Wave(LoadTestShape):\n    top = 100\n" TICK
							 "        n = self.top * math.sin(run_time)\n"
							 "        return (round(n), round(n))\n",
				RUN,
				"?connections"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    stages = [\n"
							 "        {'duration': 9, 'users': 30, 'spawn_rate': 10}]\n" TICK
							 "        for stage in self.stages:\n"
							 "            return (stage['users'] * 2, 10)\n",
				RUN,
				"?connections"},
		{HTTP TASK GET "from shapes import StepShape\nclass S(StepShape):\n    steps = 3\n",
				RUN,
				"?connections"},
		{HTTP TASK GET SHAPE "class S(LoadTestShape):\n    abstract = True\n" TICK
							 "        return (9, 9)\n",
				RUN,
				"connections=40"},
		{HTTP TASK GET SHAPE
				"class B(LoadTestShape):\n    abstract = True\n    stages = []\n" TICK DICTS
				"class S(B):\n    stages = [{'duration': 9, 'users': 77, 'spawn_rate': 99}]\n",
				"locust --headless",
				"users=77"},
};

static const struct locust_case absent[] = {
		/* tasks, bases and waits from modules that are not here */
		{HTTP "    tasks = [BrowseTasks]\nfrom tasks.browse import BrowseTasks\n",
				RUN,
				"?connections"},
		{"from tasks.browse import BrowseTasks\n" HTTP "    tasks = [BrowseTasks]\n",
				RUN,
				"?connections"},
		{"from tasks import browse\n" HTTP "    tasks = {browse.Tasks: 3}\n" TASK GET,
				RUN,
				"+plan-locust-module connections=40 connections~estimate"},
		{"from .mixins import Login\nfrom locust import HttpUser, task\n"
		 "class V(Login, HttpUser):\n    host = 'http://10.0.0.5'\n" TASK GET,
				RUN,
				"+plan-locust-module connections=40"},
		{"from common.base import SiteBase\n" HTTP TASK GET "class V(SiteBase):\n" TASK GET,
				RUN,
				"?connections"},
		{"from common.base import WebUserBase\nimport locust\n" HTTP TASK GET
		 "class V(WebUserBase):\n    @locust.task\n    def t(self):\n        self.safe_get('/')\n",
				RUN,
				"?connections"},
		{"from common.base import UserScenario\n" HTTP TASK GET
		 "class V(UserScenario):\n    product = 'a'\n",
				RUN,
				"?connections"},
		{"from common.base import Site\n" HTTP TASK GET
		 "class V(Site):\n    weight = 3\n    tasks = []\n",
				RUN,
				"?connections"},
		{"from common.flows import BaseTaskSet\n" HTTP
		 "    tasks = [Flow]\nclass Flow(BaseTaskSet):\n" TASK GET,
				RUN,
				"+plan-locust-module connections=40"},
		{"from flows import *\n" HTTP "    tasks = [Browse]\n", RUN, "?connections"},
		{"from flows import *\n" HTTP
		 "    task_set = browse\ndef browse(l):\n    l.client.get('/')\n",
				RUN,
				"connections=40"},
		{"import os\n" HTTP "    wait_time = between(int(os.getenv('LOW', 1)), 5)\n" TASK GET,
				RUN,
				"connections=40 open_rate_per_s=0"},
		{"from common.waits import slow\n" HTTP "    wait_time = slow\n" TASK GET,
				RUN,
				"+plan-locust-module"},
		{"from abc import ABC\nfrom locust import TaskSet\n" HTTP
		 "    wait_time = between(1, 2)\n    tasks = [Flow]\nclass Flow(TaskSet, ABC):\n" TASK GET,
				RUN,
				"connections=40 open_rate_per_s=0"},
};

static const struct locust_case own_limits[] = {
		{"import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (15000, 15000))\n" HTTP TASK
						GET,
				"prlimit --nofile=1024:20000 " RUN,
				"nofile=15000 bind=none"},
		{"import resource\n_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
		 "resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))\n" HTTP TASK GET,
				"prlimit --nofile=1024:20000 " RUN,
				"nofile=20000"},
		{"import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (65535, 65535))\n" HTTP TASK
						GET,
				"prlimit --nofile=1024:20000 " RUN,
				"nofile=10000 +plan-locust-limit"},
		{"from resource import setrlimit, RLIMIT_NOFILE\nsetrlimit(RLIMIT_NOFILE, (512, "
		 "512))\n" HTTP TASK GET,
				"prlimit --nofile=1024:20000 " RUN,
				"nofile=512"},
		{"import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (2048, 20000))\n" HTTP TASK
						GET,
				"prlimit --nofile=1024:20000 " RUN,
				"nofile=10000"},
		{"import resource\nresource.setrlimit(resource.RLIMIT_STACK, (2048, 20000))\n" HTTP TASK
						GET,
				"prlimit --nofile=1024:20000 " RUN,
				"nofile=10000"},
};

static const struct locust_case variables[] = {
		{"import os\nfrom locust import HttpUser, task\nclass U(HttpUser):\n"
		 "    host = f\"http://{os.environ.get('APP_HOST', '10.0.0.7')}:{os.getenv('APP_PORT', "
		 "8081)}\"\n" TASK GET,
				RUN,
				"destinations=10.0.0.7:8081"},
		{"import os\nfrom locust import HttpUser, task\nclass U(HttpUser):\n"
		 "    host = f\"http://{os.environ['APP_HOST']}:{os.getenv('APP_PORT', 8081)}\"\n" TASK GET,
				"env APP_HOST=a.example " RUN,
				"destinations=a.example:8081"},
		{"import os\nfrom locust import HttpUser, task\nclass U(HttpUser):\n"
		 "    host = f\"http://{os.environ['APP_HOST']}\"\n" TASK GET,
				RUN,
				"?destinations"},
};

static void run_rows(const struct locust_case *rows, size_t count)
{
	int failures = 0;
	for (size_t i = 0; i < count; i++) {
		const struct plan_pair files[] = {{"locustfile.py", rows[i].text}, {NULL, NULL}};
		const struct plan_case one = {rows[i].command, rows[i].want};
		struct arena *arena = arena_new();
		plan_test_files = files;
		int failed = plan_test_one(arena, &one);
		if (failed)
			print_error("---\n%s---\n", rows[i].text);
		failures += failed;
		arena_free(arena);
	}
	plan_test_files = NULL;
	assert_int_equal(failures, 0);
}

static void test_users(void **state)
{
	(void)state;
	run_rows(users, COUNT_OF(users));
}

static void test_hosts(void **state)
{
	(void)state;
	run_rows(hosts, COUNT_OF(hosts));
}

static void test_closing(void **state)
{
	(void)state;
	run_rows(closing, COUNT_OF(closing));
}

static void test_pools(void **state)
{
	(void)state;
	run_rows(pools, COUNT_OF(pools));
}

static void test_shapes(void **state)
{
	(void)state;
	run_rows(shapes, COUNT_OF(shapes));
}

static const struct plan_pair several[] = {
		{"locustfile.py", "from users.shop import Shop\nfrom waves import *\n"},
		{"users/shop.py",
				"from .base import Base\nfrom locust import task\nclass Shop(Base):\n" TASK GET},
		{"users/base.py",
				"from locust import HttpUser\nclass Base(HttpUser):\n    abstract = True\n"
				"    host = 'http://10.1.1.1'\n"},
		{"waves.py",
				SHAPE
				"class Waves(LoadTestShape):\n    def tick(self):\n        return (250, 5)\n"},
		{"one.py", HTTP TASK GET},
		{"two.py",
				"from locust import HttpUser, task\nclass V(HttpUser):\n    host='http://h'\n" TASK
						GET},
		{"sub/three.py",
				"import common\n" HTTP TASK "        self.client.get(common.BASE + '/x')\n"},
		{"sub/common.py", "BASE = 'http://10.2.2.2'\n"},
		{"locust.conf",
				"# ours\nusers 30\nspawn-rate = 30\nheadless\nlocustfile: one.py ; first\n"},
		{"pyproject.toml",
				"[project]\nname = \"x\"\ndependencies = [\n  \"locust\",\n]\n[tool.locust]\n"
				"host = \"http://10.3.3.3\" # theirs\n[tool.other]\nusers = 9\n"},
		{NULL, NULL},
};

static const struct plan_case files[] = {
		{"locust -f locustfile.py", "users=250 destinations=10.3.3.3:80"},
		{"locust", "connections=30 destinations=10.3.3.3:80"},
		{"locust -u 7 -r 7", "connections=7"},
		{"locust -f one.py,two.py -u 20 -r 20", "connections=20 destinations=10.3.3.3:80"},
		{"locust -f sub/three.py -u 20 -r 20", "destinations=10.2.2.2:80 connections=20"},
		{"locust -f https://h.example/f.py", "?connections"},
		{"locust -f - --worker", "?connections"},
		{"locust -f none.py", "!-f none.py: none.py: cannot be read"},
};

static void test_absent(void **state)
{
	(void)state;
	run_rows(absent, COUNT_OF(absent));
	run_rows(own_limits, COUNT_OF(own_limits));
	run_rows(variables, COUNT_OF(variables));
}

static void test_files(void **state)
{
	(void)state;
	plan_test_files = several;
	plan_test_table(files, COUNT_OF(files));
	plan_test_files = NULL;
}

/* Whatever stands in the file: an answer, quickly, and none without a question where nothing can be
 * read from it. */
static void test_hostile(void **state)
{
	(void)state;
	static const char *const pieces[] = {"(",
			"a(",
			"class A(A):\n",
			"- ",
			"f'{",
			"'''",
			"\\\n",
			"for x in y:\n ",
			"@task\n",
			"x = x + x\n",
			"a.b.",
			"import a\n",
			"from .. import *\n",
			"class A: class B: def f(): ",
			"\xff\xfe",
			"x = os.getenv('A', x)\n",
			"class S(LoadTestShape):\n stages=[{'a':(1,)}]\n def tick(self): return (",
			"requests.get(",
			"headers={'Connection':",
			"{[(<=="};
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct text text = {0};
		for (size_t n = 0; n < 3000; n++)
			text_add(&text, pieces[i]);
		const struct plan_pair hostile[] = {{"locustfile.py", text_string(&text)}, {NULL, NULL}};
		const struct plan_case one = {RUN, "?connections"};
		struct arena *arena = arena_new();
		plan_test_files = hostile;
		assert_int_equal(plan_test_one(arena, &one), 0);
		plan_test_files = NULL;
		arena_free(arena);
		text_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_users),
			cmocka_unit_test(test_hosts),
			cmocka_unit_test(test_closing),
			cmocka_unit_test(test_pools),
			cmocka_unit_test(test_shapes),
			cmocka_unit_test(test_absent),
			cmocka_unit_test(test_files),
			cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
