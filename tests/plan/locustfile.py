from locust import HttpUser, task
# http://no.example/
class U(HttpUser):
    host = "http://10.0.0.5:8080"
    @task
    def t(self):
        self.client.get("/a")
        self.client.get("https://cdn.example/x?y")
        self.client.get(f"http://{x}/")
