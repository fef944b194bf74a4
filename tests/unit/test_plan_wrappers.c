/* What stands around a tool: every wrapper, every quoting style, and what must be refused. */
#include "base/array.h"
#include "tests/unit/plan_test.h"

#define WRK "wrk -c10 http://h/"
#define K6  "--ulimit nofile=9 grafana/k6 run -u 4 -d 5s"

static const struct plan_case wrappers[] = {
		{"env A=B C= " WRK, "connections=10"},
		{"env -i -u X A=B /usr/bin/" WRK, "connections=10"},
		{"env", "!there is no command after env"},
		{"env -S 'wrk -c10 http://h/'", "!env -S"},
		{"sudo -u www -E A=1 " WRK, "connections=10"},
		{"nice " WRK, "connections=10"},
		{"nice -n 10 ionice -c2 -n7 " WRK, "connections=10"},
		{"nice -10 " WRK, "connections=10"},
		{"taskset -c 0,2-4 tcpkali -c1 h:1", "threads=5"},
		{"taskset 0x3 tcpkali -c1 h:1", "threads=3"},
		{"taskset -c x " WRK, "!not a set of CPUs"},
		{"timeout 5 " WRK, "timeout_s=5"},
		{"timeout -k 2 --signal=TERM 1m " WRK, "timeout_s=60"},
		{"timeout x " WRK, "!timeout: \"x\" is not written"},
		{"timeout 5", "!there is no command after timeout"},
		{"nohup stdbuf -oL setsid -w chrt -f 10 time -p " WRK, "connections=10"},
		{"prlimit --nofile=4096 " WRK, "nofile=4096"},
		{"prlimit -n512:1024 " WRK, "nofile=512"},
		{"prlimit --nofile=512:1024 hey http://h/", "nofile=1024"},
		{"prlimit --nofile=512: hey http://h/", "nofile=-"},
		{"prlimit --nofile=:900 hey http://h/", "nofile=900"},
		{"prlimit --nofile=unlimited " WRK, "!does not allow an unlimited number of open files"},
		{"prlimit --nofile=9:8 " WRK, "!soft limit is above"},
		{"prlimit --nofile=x " WRK, "!not written as"},
		{"prlimit --pid 5 --nofile=5", "!prlimit --pid"},
		{"npx --yes wrk -c10 http://h/", "connections=10"},
		{"numactl --cpunodebind=0 -m 0 " WRK, "connections=10"},
		{"numactl -C 0-3 -l -- " WRK, "connections=10"},
		{"chronic unbuffer " WRK, "connections=10"},
		{"tini -g -- " WRK, "connections=10"},
		{"gosu nobody:nogroup " WRK, "connections=10"},
		{"sudo -u bench -i " WRK, "!sudo -i and -s start a shell"},
		{"timeout 2h ab -k -n 100 -c 10 http://h/",
				"timeout_s=7200 duration_s=- connections~exact"},
		{"timeout 2 wrk -d 5 http://h/", "timeout_s=2 duration_s=5"},
		{"su - bench -c 'wrk http://h/'", "!as another user, whose limits count"},
		{"strace -f " WRK, "!strace changes how the command runs"},
		{"sh -c 'wrk -c${C:-40} -t2 \"http://${TARGET:-h}:8080/\"'",
				"connections=40 destinations=h:8080"},
		{"sh -c 'C=; wrk -c${C:-40} http://h/'", "connections=40"},
		{"sh -c 'C=30; wrk -c${C-40} http://h/'", "connections=30"},
		{"sh -c 'wrk -c${C:-$D} http://h/'", "!uses $D, which is not set"},
		{"sh -c 'wrk -c${C%0} http://h/'", "!contains an expansion"},
		{"sh -c 'vegeta attack -targets=t -max-workers 9 >r && vegeta report r'",
				"!-targets: t: cannot be read"},
		{"sh -c 'echo GET http://h | vegeta attack -max-workers 9 >r; vegeta report r; ls -l r'",
				"connections=9"},
		{"sh -c 'vegeta report r'", "!starts no load test"},
		{"npx -y wrk@latest -c10 http://h/", "connections=10"},
		{"npx --package=wrk@2 wrk -c10 http://h/", "connections=10"},
		{"sh -c", "!sh -c needs a command text"},
		{"pnpm dlx wrk@4 -c10 http://h/", "connections=10"},
		{"yarn dlx -q wrk -c10 http://h/", "connections=10"},
		{"yarn wrk -c10 http://h/", "connections=10"},
		{"bun x wrk -c10 http://h/", "connections=10"},
		{"uvx --from locust@2.30 wrk -c10 http://h/", "connections=10"},
		{"uv run --with gevent -- wrk -c10 http://h/", "connections=10"},
		{"uv tool run wrk -c10 http://h/", "connections=10"},
		{"pipx run --spec wrk==2 wrk -c10 http://h/", "connections=10"},
		{"poetry run wrk -c10 http://h/", "connections=10"},
		{"pipenv run wrk -c10 http://h/", "connections=10"},
		{"npm exec --yes -- wrk -c10 http://h/", "connections=10"},
		{"npm run load", "connections=10 duration_s=9"},
		{"npm run load -- -c 20", "connections=20"},
		{"npm --prefix sub run load", "connections=30"},
		{"pnpm load -c 24", "connections=24"},
		{"yarn load", "connections=10"},
		{"npm run none", "!package.json here has no script of that name"},
		{"npm run broken", "!tsc is not a load test tool"},
		{"npm install", "!does not read npm install"},
		{"npm run", "!there is no command after npm"},
		{"make load", "!put headroom into the recipe"},
		{"ssh host " WRK, "!runs on another machine"},
		{"kubectl run x -- " WRK, "!cluster"},
		{"ip netns exec a " WRK, "!ip netns exec NAME headroom"},
		{"xargs " WRK, "!itself decides"},
		{"'wrk -c10 http://h/'", "!is one word"},
		{"./run.sh", "!run.sh is not a load test tool"},
		{"'A=1' wrk http://h/", "!use env: -- env A="},
		{"hye http://h/", "!did you mean hey?"},
		{"env env env env env env env env env env env env env env env env env " WRK,
				"!more than 16 wrappers"},
};

static const struct plan_case shells[] = {
		{"sh -c '" WRK "'", "connections=10"},
		{"bash -euo pipefail -c '" WRK "'", "connections=10"},
		{"bash --norc -lc '" WRK "'", "connections=10"},
		{"sh -c 'exec " WRK "'", "connections=10"},
		{"sh -c 'exec >log 2>&1; exec " WRK "'", "connections=10"},
		{"sh -c \"sh -c '" WRK "'\"", "connections=10"},
		{"sh -c 'wrk -c \"10\" '\\''http://h/'\\'''", "connections=10"},
		{"sh -c 'wrk -c1\\0 http://h/?a=b&c'", "!background job"},
		{"sh -c 'wrk -c1\\0 http://h/?a=b'", "connections=10"},
		{"sh -c 'wrk -c10 \\\n http://h/'", "connections=10"},
		{"sh -c 'A=1 wrk -c10 http://h/ # the test'", "connections=10"},
		{"sh -c 'N=10; wrk -c $N http://h/'", "connections=10"},
		{"sh -c 'export N=10 && wrk -c \"${N}\" http://h/'", "connections=10"},
		{"sh -c 'wrk -c $OUTSIDE http://h/'", "connections=76"},
		{"sh -c 'wrk -c $UNSET http://h/'", "!$UNSET, which is not set"},
		{"sh -c 'wrk -t 1 -c $WORDS'", "!the URL needs its scheme: http://2"},
		{"sh -c 'wrk -t1 -c1${N:+10} http://h/'", "connections=1"},
		{"sh -c 'wrk -c $(nproc) http://h/'", "connections=2"},
		{"sh -c 'wrk -c `nproc` http://h/'", "connections=2"},
		{"sh -c 'wrk -c \"`curl x`\" http://h/'", "!command substitution"},
		{"sh -c 'wrk -c $((5*2)) http://h/'", "connections=10"},
		{"sh -c 'wrk -c10 -s *.lua http://h/'", "!file name pattern"},
		{"sh -c 'wrk -c10 http://h/{a,b}'", "!brace expansion"},
		{"sh -c 'wrk -c10 \"http://h/'", "!an unclosed quote"},
		{"sh -c 'for i in 1 2; do wrk http://h/; done'", "peak=10 +plan-runs"},
		{"sh -c '(wrk http://h/)'", "connections=10"},
		{"sh -c 'wrk http://h/ &'", "connections=10"},
		{"sh -c 'wrk http://h/ && ./other http://x/'", "!./other runs alongside"},
		{"sh -c 'wrk http://h/; ab -n9 http://g/'", "loads=2 tool=wrk &1.tool=ab"},
		{"sh -c 'wrk -c10 http://h/ || true'", "connections=10"},
		{"sh -c 'sleep 1; echo start; wrk -c10 http://h/ >out 2>&1; echo done'", "connections=10"},
		{"sh -c 'wrk -c10 http://h/ | tee out | grep x'", "connections=10"},
		{"sh -c 'ulimit -n 4096; wrk -c10 http://h/'", "nofile=4096"},
		{"sh -c 'ulimit -n $(ulimit -Hn); wrk -c10 http://h/'", "nofile=hard"},
		{"bash -c 'ulimit -n hard && prlimit --nofile=5:90 wrk -c10 http://h/'", "nofile=5"},
		{"sh -c 'ulimit -Sn 100 && hey http://h/'", "nofile=-"},
		{"sh -c 'ulimit -n x && hey http://h/'", "!ulimit -n x"},
		{"sh -c 'cd dir && vegeta attack -targets t -max-workers=1'", "destinations=d:80"},
		{"sh -c 'cd dir/ && cd sub && vegeta attack -targets t -max-workers=1'",
				"!dir//sub/t: cannot be read"},
		{"sh -c 'true'", "!starts no load test"},
		{"sh -c ''", "!the shell text is empty"},
		{"sh script.sh", "!script.sh: cannot be read"},
		{"sh -c 'wrk http://h/ &&'", "!an operator without a command"},
		{"sh -c '; wrk http://h/'", "!an operator without a command"},
		{"bash -c $'wrk -c10 \\'http://h/\\''", "connections=10"},
		{"sh -c 'wrk -c10 http://h/ <(echo)'", "!process substitution"},
		{"sh -c 'wrk -c10 http://h/ <<EOF\nEOF'", "connections=10"},
};

static const struct plan_case containers[] = {
		{"docker run --rm -it --ulimit nofile=1024:4096 williamyeh/wrk -c10 http://h/",
				"connections=10 nofile=1024 nat=masquerade +plan-container"},
		{"docker run --ulimit=nofile=1024:4096 ghcr.io/x/y:1 hey http://h/", "nofile=4096"},
		{"podman run --network=host --ulimit nofile=5000 docker.io/williamyeh/wrk:latest -c10 "
		 "http://h/",
				"nat=- nofile=5000"},
		{"docker run williamyeh/wrk http://h/", "?nofile"},
		{"docker run -e=A=b -w=/x --rm=false williamyeh/wrk http://h/", "?nofile"},
		{"docker run --ulimit nofile=9 peterevans/vegeta sh -c \"echo 'GET http://h' | vegeta "
		 "attack -max-workers 5\"",
				"connections=5 nofile=9"},
		{"docker run --entrypoint wrk image -c10 http://h/", "connections=10"},
		{"docker container run --rm=true image sh -c 'ulimit -n 99; wrk -c10 http://h/'",
				"nofile=99"},
		{"docker run --cpus 1.5 -e A=1 -v /data:/in --sysctl net.core.somaxconn=9 -m 512m image "
		 "wrk -c10 http://h/",
				"connections=10"},
		{"docker run -v /data:/in image vegeta attack -targets /in/t -max-workers=1",
				"destinations=m:80"},
		{"docker run -w /in --mount type=bind,src=/data,dst=/in image vegeta attack -targets t "
		 "-max-workers=1",
				"destinations=m:80"},
		{"docker run image vegeta attack -targets /in/t", "!/in/t is a file inside the container"},
		{"docker run --ulimit nofile=9 acme/my-bombardier:2 -c 50 http://h/",
				"connections=50 tool=bombardier +plan-image"},
		{"docker run --ulimit nofile=9 acme/load_wrk http://h/", "tool=wrk +plan-image"},
		{"docker run acme/my-wrk", "!wrk: no URL"},
		{"docker run acme/my-wrk ./run", "!what ./run in the image acme/my-wrk is"},
		{"docker run acme/my-nginx -c x", "!what -c in the image acme/my-nginx is"},
		{"docker run image", "!it is not known what the image image starts"},
		{"docker run image ./test", "!headroom does not know what ./test in the image image is"},
		{"docker run --network container:web image wrk http://h/",
				"!cannot see the settings of that namespace"},
		{"docker run --ulimit nofile=99 --env-file none image wrk http://h/",
				"!--env-file: none: cannot be read"},
		{"docker run acme/thing load -c 8 http://h/", "!what load in the image acme/thing is"},
		{"docker run", "!no image"},
		{"docker exec c wrk http://h/", "!does not read docker exec"},
		{"docker -H tcp://x run image wrk http://h/", "!another machine"},
		{"docker run --ulimt nofile=5 image wrk http://h/",
				"!docker run has no option --ulimt; did you mean --ulimit?"},
		{"docker run --sysctl x image wrk http://h/", "!write --sysctl KEY=VALUE"},
		{"docker run --ulimit nofile=x image wrk http://h/", "!not written as"},
		{"docker run image docker run image wrk http://h/", "!a container inside a container"},
		{"sh -c 'docker run -i " K6 " - </data/s.js'", "connections=4"},
		{"sh -c 'cat /data/s.js | docker run -i " K6 " -'", "connections=4"},
		{"sh -c 'cd /data && docker run -i " K6 " - <s.js'", "connections=4"},
		{"sh -c 'docker run -i " K6 " - <<EOF\nhttp.get(\"http://k:9/\")\nEOF\n'",
				"connections=4 destinations=k:9"},
		{"docker run -v /data:/home/k6 " K6 " s.js", "connections=4"},
		{"docker run -v /data:/home/k6/ " K6 " s.js", "connections=4"},
		{"docker run -w / -v /data/s.js:/s.js " K6 " s.js", "connections=4"},
		{"docker run -w /x/ -v /data:/x " K6 " ./s.js", "connections=4"},
		{"docker run -v /data:/x " K6 " /x/other/s.js", "!/data/other/s.js: cannot be read"},
		{"docker run -v /data:/x -v /nowhere:/x/deep " K6 " /x/deep/s.js",
				"!/nowhere/s.js: cannot be read"},
		{"docker run " K6 " s.js",
				"!is a file inside the container, which headroom does not read; mount it"},
		{"sh -c 'docker run -v \"$(pwd)\":/x -w /x " K6 " here.js'", "connections=4"},
		{"sh -c 'docker run -v $(pwd)/here.js:/x.js " K6 " /x.js'", "connections=4"},
		{"sh -c 'docker run -v ${PWD}:/x -w /x " K6 " here.js'", "connections=4"},
		{"sh -c 'docker run -v `pwd`:/x -w /x " K6 " here.js'", "connections=4"},
		{"sh -c 'docker run -v $PWD:$PWD -w $PWD " K6 " here.js'", "connections=4"},
		{"sh -c 'cd /data && docker run -v .:/x -w /x " K6 " s.js'", "connections=4"},
		{"sh -c 'cat >new.js <<EOF\nhttp.get(\"http://k:9/\")\nEOF\ndocker run -v "
		 "$PWD/new.js:/n.js " K6 " /n.js'",
				"destinations=k:9"},
		{"docker run --ulimit nofile=9 ghcr.io/acme/wrk:1 -c10 http://h/",
				"connections=10 +plan-image"},
		{"docker run --ulimit nofile=9 localhost:5000/wrk@sha256:0 -c10 http://h/",
				"connections=10"},
		{"env DOCKER_HOST=ssh://x docker run image wrk http://h/", "!DOCKER_HOST"},
		{"env DOCKER_HOST=unix:///run/d.sock docker run --ulimit nofile=9 i wrk -c10 http://h/",
				"connections=10"},
		{"docker --context far run image wrk http://h/", "!another machine"},
		{"docker run --ulimit nofile=9 --cpus 0.5 image tcpkali -c1 h:1",
				"threads=3 +plan-cpu-quota"},
		{"docker run --ulimit nofile=9 --cpus 0 image tcpkali -c1 h:1", "threads=3"},
		{"docker run --ulimit nofile=9 --cpu-quota 50000 image tcpkali -c1 h:1",
				"threads=3 +plan-cpu-quota"},
		{"docker run --ulimit nofile=9 --cpuset-cpus 0,4-6 image tcpkali -c1 h:1", "threads=5"},
		{"docker run --cpuset-cpus x image tcpkali -c1 h:1", "!not a list of CPUs"},
		{"docker run -v /data:/x grafana/k6 run -u 5 -d 1m /x/s.js", "?nofile connections=5"},
		{"docker run image tcpkali -c1 h:1", "?nofile nofile=-"},
		{"docker run image hey http://h/", "?nofile nofile=-"},
		{"docker run image sh -c 'echo GET http://h | vegeta attack -max-workers 5'",
				"?nofile nofile=-"},
		{"docker run image ghz --connections 3 -n 9 --insecure --call a.B.C h:1",
				"?nofile nofile=-"},
		{"docker run image sh -c 'ulimit -n $(ulimit -Hn); wrk -c10 http://h/'",
				"?nofile nofile=-"},
};

static const struct plan_pair files[] = {
		{"dir/t", "GET http://d/\n"},
		{"package.json",
				"{\"scripts\": {\"load\": \"wrk -d 9 http://h/ -c10\", \"broken\": \"tsc\"}}"},
		{"sub/package.json", "{\"scripts\": {\"load\": \"wrk -c30 http://h/\"}}"},
		{"/data/t", "GET http://m/\n"},
		{"/data/s.js", "http.get('http://k/');"},
		{"here.js", "http.get('http://k/');"},
		{NULL, NULL},
};
static const struct plan_pair variables[] = {
		{"OUTSIDE", "77"},
		{"WORDS", "1 2"},
		{"HOME", "/home/x"},
		{NULL, NULL},
};

static void check(const struct plan_case *cases, size_t count)
{
	plan_test_files = files;
	plan_test_variables = variables;
	plan_test_table(cases, count);
}

static void wrappers_are_seen_through(void **state)
{
	(void)state;
	check(wrappers, COUNT_OF(wrappers));
}

static void shell_texts_are_split(void **state)
{
	(void)state;
	check(shells, COUNT_OF(shells));
}

static void containers_are_the_vantage(void **state)
{
	(void)state;
	check(containers, COUNT_OF(containers));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(wrappers_are_seen_through),
			cmocka_unit_test(shell_texts_are_split),
			cmocka_unit_test(containers_are_the_vantage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
