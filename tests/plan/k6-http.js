import http from 'k6/http';
// http://commented.example/ is no target
export default function () {
  http.get('https://test.example/a?b=http://c.example/');
  http.get("http://10.0.0.5:8080/");
}
