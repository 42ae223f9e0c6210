/* Prints the file that the loaded library comes from. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libwebsockets.h>
#include <stdio.h>

int
main(void)
{
	Dl_info info;

	/* a look-up, not &lws_create_context: that may be a stub in here */
	if (!dladdr(dlsym(RTLD_DEFAULT, "lws_create_context"), &info))
		return 1;
	puts(info.dli_fname);
	return lws_get_library_version() ? 0 : 1;
}
