from locust import HttpUser, task, constant


class U(HttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = constant(0.5)

    @task
    def t(self):
        self.client.get("/", stream=True)
