/* GPIOs. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_GPIO_H
#define LWS_H_GPIO_H

typedef int _lws_plat_gpio_t;
typedef struct lws_gpio_ops lws_gpio_ops_t;

typedef enum {
	LWSGGPIO_IRQ_NONE,
	LWSGGPIO_IRQ_RISING,
	LWSGGPIO_IRQ_FALLING,
	LWSGGPIO_IRQ_CHANGE,
	LWSGGPIO_IRQ_LOW,
	LWSGGPIO_IRQ_HIGH,
} lws_gpio_irq_t;

enum {
	LWSGGPIO_FL_READ = 1,
	LWSGGPIO_FL_WRITE,
	LWSGGPIO_FL_PULLUP = 4,
	LWSGGPIO_FL_PULLDOWN = 8,
	LWSGGPIO_FL_START_LOW = 16,
};

typedef void (*lws_gpio_irq_cb_t)(void *);

/** A GPIO driver. */
struct lws_gpio_ops {
	void (*mode)(_lws_plat_gpio_t, int);
	int (*read)(_lws_plat_gpio_t);
	void (*set)(_lws_plat_gpio_t, int);
	int (*irq_mode)(_lws_plat_gpio_t, lws_gpio_irq_t, lws_gpio_irq_cb_t, void *);
};

#endif
