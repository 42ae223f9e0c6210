/* the action tables, and how actions take their arguments apart */
#ifndef CTESTS_ACT_H
#define CTESTS_ACT_H

struct call;

struct action {
	const char *name;
	void (*run)(struct call *c, char *args);
};

/* each ends with a NULL name */
extern const struct action http_actions[];
extern const struct action ext_actions[];
char *arg(char **rest);

#endif
