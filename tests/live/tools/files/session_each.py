import requests
from locust import User, task, constant_pacing


class U(User):
    wait_time = constant_pacing(1)

    @task
    def t(self):
        with requests.Session() as s:
            s.get("http://127.0.0.1:8080/")
            s.get("http://127.0.0.1:8080/b")
