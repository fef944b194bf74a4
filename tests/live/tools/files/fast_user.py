from locust import FastHttpUser, constant, task


class Shopper(FastHttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = constant(0.5)

    @task
    def front(self):
        self.client.get("/")
