/* Plugins of a program's own class: loaded from directories, listed, taken down. */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* a plugin knows no more of the library than the layout of its header */
static int build(const char *dir, const char *name, const char *class_name)
{
	char command[512];

	lws_snprintf(command, sizeof command,
		     "echo 'struct { const char *name, *kind; unsigned int api; int more; } %s = "
		     "{ \"%s\", \"%s\", %d, 7 };' | cc -x c -shared -fPIC -o %s/libmyapp-%s.so -",
		     name, name, class_name, LWS_PLUGIN_API_MAGIC, dir, name);
	return system(command);
}

struct with_more {
	lws_plugin_header_t header;
	int more;
};

static int each(struct lws_plugin *plugin, void *user)
{
	printf("  %s %s, loaded %d, more %d, behind it %s\n", (char *)user, plugin->hdr->name, !!plugin->u.l,
	       ((const struct with_more *)plugin->hdr)->more, plugin->list ? plugin->list->hdr->name : "none");
	return !strcmp(plugin->hdr->name, "plugin_one");
}

static void load(const char *const *dirs, const char *class_name, const char *filter)
{
	struct lws_plugin *list = NULL, *at;
	char in[] = "in", out[] = "out";
	int n = 0;

	printf("class %s filter %s: %d\n", class_name, filter ? filter : "none",
	       lws_plugins_init(&list, dirs, class_name, filter, each, in));
	for (at = list; at; at = at->list)
		n++;
	printf("%d plugins, ", n);
	n = lws_plugins_destroy(&list, each, out);
	printf("taken down %d, left %d\n", n, !!list);
}

int main(void)
{
	static const char *const dirs[] = { "one", "two", NULL }, *const none[] = { "nowhere", "empty", NULL },
		*const other[] = { "other", NULL };

	lws_set_log_level(0, NULL);
	if (mkdir("one", 0700) || mkdir("two", 0700) || mkdir("empty", 0700) || mkdir("other", 0700) ||
	    build("one", "plugin_one", "my class") || build("one", "plugin_two", "my class") ||
	    build("two", "plugin_three", "my class") || build("two", "plugin_one", "my class") ||
	    build("other", "plugin_four", "other class"))
		return 1;
	load(dirs, "my class", NULL);
	load(dirs, "my class", "plugin_one");
	load(dirs, "my class", "plugin");
	load(none, "my class", NULL);
	load(other, "my class", NULL);
	load(other, "other class", NULL);
	return 0;
}
