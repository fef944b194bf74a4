from locust import FastHttpUser, HttpUser, constant, task


class A(HttpUser):
    host = "http://127.0.0.1:8080"
    fixed_count = 10
    wait_time = constant(1)

    @task
    def t(self):
        self.client.get("/")


class B(FastHttpUser):
    host = "http://127.0.0.1:8081"
    weight = 3
    wait_time = constant(1)

    @task
    def t(self):
        self.client.get("/1")
        self.client.get("http://127.0.0.1:8080/")


class C(FastHttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = constant(1)

    @task
    def t(self):
        self.client.get("/")
