/* headroom-http performs one HTTP request with libcurl. The request is JSON on standard input, the
 * answer is JSON on standard output. It knows no ticket system and no container engine.
 *
 * Request:
 *   "method", "url": text
 *   "unix_socket"?: path
 *   "headers"?: ["Name: value"]
 *   "login"?: "user:password"
 *   "body"?: text | "body_fd"?: descriptor
 *   "parts"?: [{"name", "type"?, "filename"?, "data": text | "fd": descriptor}]
 *   "plain"?: true (http:// is allowed)
 *   "ca_file"?: path
 *   "timeout_s"?: number
 * Answer, one of:
 *   {"status": 201, "headers": {"retry-after": text, "location": text, "content-type": text},
 *    "body": text, "truncated": bool}
 *   {"error": what libcurl said, "again": bool (a second try may succeed)}
 *
 * TLS is always verified, redirects are never followed, an answer is cut at HTTP_ANSWER_BYTES_MAX.
 * Secrets come only in the request and go only to the server. Lines "progress 0.42" on standard
 * error report how much has been sent. Exit status: 0 with an answer, 2 if the request is not
 * valid. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "base/text.h"

enum {
	HTTP_REQUEST_BYTES_MAX = 16 * 1024 * 1024,
	HTTP_ANSWER_BYTES_MAX = 4 * 1024 * 1024,
	HTTP_PARTS_MAX = 16
};
enum {
	CONNECT_SECONDS_MAX = 15,
	SECONDS_MAX = 120,
	SLOW_BYTES_PER_S = 1,
	SLOW_SECONDS = 30,
	FILE_FD_MAX = 1024
};

/* Headers of the answer that callers look at. */
static const char *const wanted[] = {"retry-after", "location", "content-type"};
enum {
	WANTED = COUNT_OF(wanted)
};

struct exchange {
	CURL *curl;
	curl_mime *mime;
	struct curl_slist *headers;
	struct text body;
	bool truncated;
	char kept[WANTED][512];
	double said; /* share of the upload that was last reported */
	char why[CURL_ERROR_SIZE];
};

static const char *http_main_text_of(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsString(member) ? member->valuestring : NULL;
}

static int fd_of(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsNumber(member) && member->valuedouble > 2 && member->valuedouble < FILE_FD_MAX
			? member->valueint
			: -1;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	size_t length = size * count, room = HTTP_ANSWER_BYTES_MAX - exchange->body.length;
	text_add_bytes(&exchange->body, bytes, length < room ? length : room);
	exchange->truncated = length > room;
	return exchange->truncated ? 0 : length; /* 0 ends the transfer */
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	size_t length = size * count;
	for (size_t i = 0; i < WANTED; i++) {
		size_t name = strlen(wanted[i]);
		if (length <= name || strncasecmp(bytes, wanted[i], name) != 0 || bytes[name] != ':')
			continue;
		const char *value = bytes + name + 1, *end = bytes + length;
		while (value < end && (*value == ' ' || *value == '\t'))
			value++;
		while (end > value && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' '))
			end--;
		(void)snprintf(exchange->kept[i],
				sizeof exchange->kept[i],
				"%.*s",
				(int)(end - value),
				value);
	}
	return length;
}

static int tell_progress(void *context,
		curl_off_t down_total,
		curl_off_t down,
		curl_off_t up_total,
		curl_off_t up)
{
	struct exchange *exchange = context;
	double share = up_total > 0 ? (double)up / (double)up_total : 0;
	(void)down_total;
	(void)down;
	if (share >= exchange->said + 0.01) {
		exchange->said = share;
		(void)fprintf(stderr, "progress %.2f\n", share);
	}
	return 0;
}

/* Reads the upload from a descriptor while it is sent: the file may be larger than memory. */
static size_t http_main_read_fd(char *out, size_t size, size_t count, void *context)
{
	ssize_t length = read(*(int *)context, out, size * count);
	return length < 0 ? CURL_READFUNC_ABORT : (size_t)length;
}

static int seek_fd(void *context, curl_off_t offset, int origin)
{
	return lseek(*(int *)context, (off_t)offset, origin) < 0 ? CURL_SEEKFUNC_CANTSEEK
															 : CURL_SEEKFUNC_OK;
}

static bool http_main_size_of(int fd, curl_off_t *ret_size)
{
	struct stat status;
	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return false;
	*ret_size = (curl_off_t)status.st_size;
	return lseek(fd, 0, SEEK_SET) == 0; /* an earlier try may have read the file */
}

/* Where the descriptors are kept: libcurl reads them later, so they live as long as the process. */
static int *http_main_keep(int fd)
{
	static int fds[HTTP_PARTS_MAX + 1];
	static size_t count;
	fds[count] = fd;
	return &fds[count < HTTP_PARTS_MAX ? count++ : count];
}

static bool add_part(struct exchange *exchange, const cJSON *part)
{
	const char *name = http_main_text_of(part, "name"), *data = http_main_text_of(part, "data"),
			   *type = http_main_text_of(part, "type");
	const char *file = http_main_text_of(part, "filename");
	int fd = fd_of(part, "fd");
	curl_off_t size;
	curl_mimepart *mime = curl_mime_addpart(exchange->mime);
	if (!mime || !name || (!data && !http_main_size_of(fd, &size)))
		return false;
	CURLcode code = curl_mime_name(mime, name);
	code |= data
			? curl_mime_data(mime, data, CURL_ZERO_TERMINATED)
			: curl_mime_data_cb(mime, size, http_main_read_fd, seek_fd, NULL, http_main_keep(fd));
	code |= type ? curl_mime_type(mime, type) : CURLE_OK;
	code |= file ? curl_mime_filename(mime, file) : CURLE_OK;
	return code == CURLE_OK;
}

static bool set_parts(struct exchange *exchange, const cJSON *parts)
{
	const cJSON *part;
	exchange->mime = curl_mime_init(exchange->curl);
	if (!exchange->mime || cJSON_GetArraySize(parts) > HTTP_PARTS_MAX)
		return false;
	cJSON_ArrayForEach(part, parts)
		if (!add_part(exchange, part))
			return false;
	return curl_easy_setopt(exchange->curl, CURLOPT_MIMEPOST, exchange->mime) == CURLE_OK;
}

static bool set_fd_body(struct exchange *exchange, int fd)
{
	curl_off_t size;
	if (!http_main_size_of(fd, &size))
		return false;
	int *kept = http_main_keep(fd);
	CURLcode code = curl_easy_setopt(exchange->curl, CURLOPT_POST, 1L);
	code |= curl_easy_setopt(exchange->curl, CURLOPT_POSTFIELDSIZE_LARGE, size);
	code |= curl_easy_setopt(exchange->curl, CURLOPT_READFUNCTION, http_main_read_fd);
	code |= curl_easy_setopt(exchange->curl, CURLOPT_READDATA, kept);
	code |= curl_easy_setopt(exchange->curl, CURLOPT_SEEKFUNCTION, seek_fd);
	code |= curl_easy_setopt(exchange->curl, CURLOPT_SEEKDATA, kept);
	return code == CURLE_OK;
}

static bool set_body(struct exchange *exchange, const cJSON *request)
{
	const char *body = http_main_text_of(request, "body"),
			   *method = http_main_text_of(request, "method");
	const cJSON *parts = cJSON_GetObjectItemCaseSensitive(request, "parts");
	bool good = true;
	if (parts)
		good = set_parts(exchange, parts);
	else if (cJSON_HasObjectItem(request, "body_fd"))
		good = set_fd_body(exchange, fd_of(request, "body_fd"));
	else if (body)
		good = curl_easy_setopt(exchange->curl,
					   CURLOPT_POSTFIELDSIZE_LARGE,
					   (curl_off_t)strlen(body)) == CURLE_OK &&
				curl_easy_setopt(exchange->curl, CURLOPT_COPYPOSTFIELDS, body) == CURLE_OK;
	return good && method &&
			curl_easy_setopt(exchange->curl, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK;
}

static bool set_headers(struct exchange *exchange, const cJSON *request)
{
	const cJSON *header;
	cJSON_ArrayForEach(header, cJSON_GetObjectItemCaseSensitive(request, "headers")) {
		struct curl_slist *longer = cJSON_IsString(header)
				? curl_slist_append(exchange->headers, header->valuestring)
				: NULL;
		if (!longer)
			return false;
		exchange->headers = longer;
	}
	/* No "Expect: 100-continue": servers that do not know it cost a second. */
	struct curl_slist *longer = curl_slist_append(exchange->headers, "Expect:");
	if (!longer)
		return false;
	exchange->headers = longer;
	return curl_easy_setopt(exchange->curl, CURLOPT_HTTPHEADER, exchange->headers) == CURLE_OK;
}

/* The connection: which protocols are allowed, and how the server is verified. */
static bool set_connection(struct exchange *exchange, const cJSON *request)
{
	CURL *curl = exchange->curl;
	const char *socket = http_main_text_of(request, "unix_socket"),
			   *ca = http_main_text_of(request, "ca_file");
	const char *login = http_main_text_of(request, "login"),
			   *url = http_main_text_of(request, "url");
	const cJSON *timeout = cJSON_GetObjectItemCaseSensitive(request, "timeout_s");
	bool plain = socket || cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request, "plain"));
	double seconds = cJSON_IsNumber(timeout) && timeout->valuedouble > 0 ? timeout->valuedouble
																		 : SECONDS_MAX;
	CURLcode code = url ? curl_easy_setopt(curl, CURLOPT_URL, url) : CURLE_URL_MALFORMAT;
	code |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, plain ? "http,https" : "https");
	code |= curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	code |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS_MAX);
	code |= curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(seconds * 1000));
	code |= curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_PER_S);
	code |= curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
	code |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	code |= curl_easy_setopt(curl, CURLOPT_USERAGENT, "headroom");
	if (socket)
		code |= curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket);
	if (ca)
		code |= curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
	if (login)
		code |= curl_easy_setopt(curl, CURLOPT_USERPWD, login);
	return code == CURLE_OK;
}

static void set_receivers(struct exchange *exchange)
{
	CURL *curl = exchange->curl;
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, tell_progress);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange->why);
}

/* Can a second try succeed after this error? */
static bool may_pass(CURLcode code)
{
	return code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT ||
			code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
			code == CURLE_PARTIAL_FILE || code == CURLE_COULDNT_RESOLVE_HOST;
}

static cJSON *answer_of(struct exchange *exchange, CURLcode code)
{
	cJSON *answer = cJSON_CreateObject();
	long status = 0;
	(void)curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status);
	if (code != CURLE_OK && !exchange->truncated) {
		(void)cJSON_AddStringToObject(answer,
				"error",
				*exchange->why ? exchange->why : curl_easy_strerror(code));
		(void)cJSON_AddBoolToObject(answer, "again", may_pass(code));
		return answer;
	}
	(void)cJSON_AddNumberToObject(answer, "status", (double)status);
	cJSON *headers = cJSON_AddObjectToObject(answer, "headers");
	for (size_t i = 0; i < WANTED; i++)
		if (*exchange->kept[i] && text_is_utf8(exchange->kept[i], strlen(exchange->kept[i])))
			(void)cJSON_AddStringToObject(headers, wanted[i], exchange->kept[i]);
	const char *body = text_string(&exchange->body);
	bool good = text_is_utf8(body, exchange->body.length) && strlen(body) == exchange->body.length;
	(void)cJSON_AddStringToObject(answer, "body", good ? body : "");
	(void)cJSON_AddBoolToObject(answer, "truncated", exchange->truncated || !good);
	return answer;
}

static int give(cJSON *answer)
{
	char *printed = cJSON_PrintUnformatted(answer);
	bool good = printed && fputs(printed, stdout) >= 0 && fflush(stdout) == 0;
	cJSON_free(printed);
	cJSON_Delete(answer);
	return good ? 0 : 1;
}

static int http_main_refuse(const char *what)
{
	(void)fprintf(stderr, "http: %s\n", what);
	return 2;
}

static int perform(const cJSON *request)
{
	struct exchange exchange = {.curl = curl_easy_init()};
	int status;
	if (!exchange.curl)
		return http_main_refuse("libcurl cannot be started");
	set_receivers(&exchange);
	if (set_connection(&exchange, request) && set_headers(&exchange, request) &&
			set_body(&exchange, request))
		status = give(answer_of(&exchange, curl_easy_perform(exchange.curl)));
	else
		status = http_main_refuse("the request is not valid");
	curl_easy_cleanup(exchange.curl);
	curl_mime_free(exchange.mime);
	curl_slist_free_all(exchange.headers);
	text_release(&exchange.body);
	return status;
}

int main(int argc, char **argv)
{
	struct text input = {0};
	(void)argv;
	json_use_checked_memory();
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* secrets are in memory */
	cJSON *request = argc == 1 && file_read_all(STDIN_FILENO, HTTP_REQUEST_BYTES_MAX, &input) &&
					input.length > 0
			? cJSON_ParseWithLength(input.data, input.length)
			: NULL;
	text_release(&input);
	if (!cJSON_IsObject(request)) {
		cJSON_Delete(request);
		return http_main_refuse("usage: headroom-http <request.json");
	}
	(void)signal(SIGPIPE, SIG_IGN);
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
	int status = perform(request);
	cJSON_Delete(request);
	curl_global_cleanup();
	return status;
}
