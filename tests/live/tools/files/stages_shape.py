from locust import FastHttpUser, LoadTestShape, task, constant


class U(FastHttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = constant(1)

    @task
    def t(self):
        self.client.get("/")


class Stages(LoadTestShape):
    stages = [
        {"duration": 3, "users": 30, "spawn_rate": 30},
        {"duration": 6, "users": 120, "spawn_rate": 100},
        {"duration": 8, "users": 20, "spawn_rate": 100},
    ]

    def tick(self):
        run_time = self.get_run_time()
        for stage in self.stages:
            if run_time < stage["duration"]:
                return (stage["users"], stage["spawn_rate"])
        return None
