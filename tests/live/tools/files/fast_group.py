import gevent.pool
from locust import FastHttpUser, constant, task


class Dashboard(FastHttpUser):
    host = "http://127.0.0.1:8081"
    wait_time = constant(1)

    @task
    def widgets(self):
        pool = gevent.pool.Group()
        for _ in range(15):
            pool.spawn(self.client.get, "/100")
        pool.join()
