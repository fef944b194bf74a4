import http from 'k6/http'; export default () => http.get('http://api:8080/');
