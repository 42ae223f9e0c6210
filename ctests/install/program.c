/* What a user's C program does first; prints which libwebsockets.so the process has loaded ("none": linked in). */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

static const struct lws_protocols protocols[] = { { "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
						  { NULL, NULL, 0, 0, 0, NULL, 0 } };

static void print_loaded(void)
{
	char line[4096], path[4096] = "none";
	FILE *maps = fopen("/proc/self/maps", "r");

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "/libwebsockets.so"))
			sscanf(strchr(line, '/'), "%4095[^\n]", path);
	if (maps)
		fclose(maps);
	printf("loaded %s\n", path);
}

int main(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

	lws_set_log_level(LLL_ERR, NULL);
	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	context = lws_create_context(&info);
	if (!context)
		return 1;
	lws_context_destroy(context);
	printf("version %s\n", lws_get_library_version());
	print_loaded();
	return 0;
}
