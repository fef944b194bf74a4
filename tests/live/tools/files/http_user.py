from locust import HttpUser, constant, task


class Shopper(HttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = constant(0.5)

    @task
    def front(self):
        self.client.get("/")
