from locust import HttpUser, LoadTestShape, constant, task


class Visitor(HttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = constant(0.5)

    @task
    def front(self):
        self.client.get("/")


class Steps(LoadTestShape):
    def tick(self):
        t = self.get_run_time()
        if t < 2:
            return (20, 20)
        if t < 4:
            return (60, 40)
        return None
