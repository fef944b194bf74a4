"""The servers that tools are run against, each on an address and port of its own on loopback."""
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# What listens where; a tool's connections are those to one of these ports.
HTTP, HTTP_TWO, TLS, TLS_ONE, CLOSING, SLOW, GRPC = 8080, 8082, 8443, 8444, 8083, 8081, 8079
REDIS, POSTGRES, IPERF = 6379, 5432, 5201
PORTS = (HTTP, HTTP_TWO, TLS, TLS_ONE, CLOSING, SLOW, GRPC, REDIS, POSTGRES, IPERF)

NGINX = '''
worker_processes 1; daemon off; pid {work}/nginx.pid; error_log {work}/nginx.error crit; worker_rlimit_nofile 20000;
events {{ worker_connections 9000; }}
http {{ access_log off; keepalive_requests 100000000; http2_max_concurrent_streams 250;
client_body_temp_path {work}/b; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f; uwsgi_temp_path {work}/u;
scgi_temp_path {work}/s; ssl_certificate {work}/cert; ssl_certificate_key {work}/key;
server {{ listen 8080 backlog=4096; location / {{ return 200 "hello"; }} }}
server {{ listen 8082 http2 backlog=4096; location / {{ return 200 "hello"; }} }}
server {{ listen 8443 ssl http2 backlog=4096; location / {{ return 200 "hello"; }} }}
server {{ listen 8444 ssl backlog=4096; location / {{ return 200 "hello"; }} }}
server {{ listen 8083 backlog=4096; keepalive_timeout 0; location / {{ return 200 "hello"; }} }} }}
'''


class Missing(Exception):
    """A server's program is not installed."""


def found(program):
    path = shutil.which(program)
    if not path:
        raise Missing(program)
    return path


def certificate(work):
    subprocess.run([found('openssl'), 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                    '-keyout', work + '/key', '-out', work + '/cert'], check=True, capture_output=True)


def postgres_program(name):
    """Debian has the server's programs beside the path, one directory a version."""
    versions = sorted(os.listdir('/usr/lib/postgresql')) if os.path.isdir('/usr/lib/postgresql') else []
    for version in reversed(versions):
        path = '/usr/lib/postgresql/%s/bin/%s' % (version, name)
        if os.path.exists(path):
            return path
    raise Missing('postgresql')


def as_postgres():
    """The server refuses to be root."""
    try:
        entry = pwd.getpwnam('postgres')
    except KeyError:
        raise Missing('postgresql') from None
    return {'user': entry.pw_uid, 'group': entry.pw_gid, 'extra_groups': []}


def nginx(work, shared):
    for name in ('cert', 'key'):
        shutil.copy('%s/%s' % (shared, name), work)
    with open(work + '/nginx.conf', 'w') as file:
        file.write(NGINX.format(work=work))
    return [found('nginx'), '-c', work + '/nginx.conf', '-e', work + '/nginx.error'], {}, HTTP


def slow(work, shared):
    return [sys.executable, HERE + '/slow_server.py', '0.0.0.0', str(SLOW)], {}, SLOW


def grpc(work, shared):
    return [found('fortio'), 'server', '-http-port', 'disabled', '-redirect-port', 'disabled', '-tcp-port', 'disabled',
            '-udp-port', 'disabled', '-grpc-port', '127.0.0.1:%d' % GRPC], {}, GRPC


def redis(work, shared):
    return [found('redis-server'), '--port', str(REDIS), '--bind', '127.0.0.1', '--save', '', '--maxclients', '9000',
            '--tcp-backlog', '4096', '--dir', work], {}, REDIS


def iperf(work, shared):
    return [found('iperf3'), '-s', '-p', str(IPERF)], {}, IPERF


def postgres(work, shared):
    """A database that all runs share: making one takes longer than a run."""
    data = shared + '/postgres'
    if not os.path.exists(data + '/ready'):
        make_database(data)
    words = [postgres_program('postgres'), '-D', data, '-h', '127.0.0.1', '-p', str(POSTGRES), '-k', '',
             '-c', 'max_connections=500', '-c', 'fsync=off', '-c', 'log_min_messages=panic']
    return words, as_postgres(), POSTGRES


def make_database(data):
    who = as_postgres()
    os.mkdir(data)
    os.chown(data, who['user'], who['group'])
    quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL, 'cwd': '/', **who}
    subprocess.run([postgres_program('initdb'), '-D', data, '-A', 'trust', '--no-sync'], check=True, **quiet)
    server = subprocess.Popen([postgres_program('postgres'), '-D', data, '-h', '127.0.0.1', '-k', '', '-c', 'fsync=off'], **quiet)
    wait_for(server, POSTGRES)
    wait_for_postgres()
    there = ['-h', '127.0.0.1', '-U', 'postgres']
    subprocess.run(['createdb', *there, 'bench'], check=True, **quiet)
    subprocess.run(['pgbench', '-i', '-q', *there, 'bench'], check=True, **quiet)
    if shutil.which('sysbench'):
        subprocess.run(['sysbench', 'oltp_point_select', '--db-driver=pgsql', '--pgsql-host=127.0.0.1', '--pgsql-user=postgres',
                        '--pgsql-db=bench', '--tables=1', '--table-size=1000', 'prepare'], check=True, **quiet)
    server.terminate()
    server.wait()
    with open(data + '/ready', 'w'):
        pass


def wait_for_postgres():
    """It listens before it answers."""
    for _ in range(200):
        if subprocess.run(['pg_isready', '-q', '-h', '127.0.0.1']).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError('the database does not answer')


def wait_for(process, port):
    for _ in range(400):
        if process.poll() is not None:
            raise RuntimeError('the server of port %d does not start' % port)
        with socket.socket() as s:
            if s.connect_ex(('127.0.0.1', port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError('the server of port %d does not listen' % port)


SERVERS = {'nginx': nginx, 'slow': slow, 'grpc': grpc, 'redis': redis, 'postgres': postgres, 'iperf': iperf}


def start(names, work, shared):
    """The processes of these servers, once they listen. They end with this process's namespace."""
    started = []
    for name in names:
        words, more, port = SERVERS[name](work, shared)
        process = subprocess.Popen(words, cwd='/', stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, **more)
        wait_for(process, port)
        if name == 'postgres':
            wait_for_postgres()
        started.append(process)
    return started
