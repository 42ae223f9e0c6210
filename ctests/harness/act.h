/* the action tables, and how actions take their arguments apart */
#ifndef CTESTS_ACT_H
#define CTESTS_ACT_H

struct call;

struct action {
	const char *name;
	void (*run)(struct call *c, char *args);
};

extern const struct action http_actions[];	/* ends with a NULL name */
char *arg(char **rest);

#endif
