import requests
from locust import User, constant, task


class Bare(User):
    wait_time = constant(0.2)

    @task
    def front(self):
        requests.get("http://127.0.0.1:8080/")
