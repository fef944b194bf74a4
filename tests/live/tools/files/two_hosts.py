from locust import HttpUser, constant, task


class Both(HttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = constant(0.5)

    @task
    def both(self):
        self.client.get("/")
        self.client.get("http://127.0.0.1:8081/5")
