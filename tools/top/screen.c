// SPDX-License-Identifier: GPL-2.0
#define _XOPEN_SOURCE_EXTENDED 1
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "screen.h"
#include "text.h"

#define TOP_SCREEN_LEAST_COLS	40
#define TOP_SCREEN_LEAST_LINES	6
#define TOP_SCREEN_FRAME	3	/* lines that are no rows */
#define TOP_SCREEN_KEYS		64	/* at once */

enum {
	TOP_COLOR_SPARK = 1,
	TOP_COLOR_BAD,
	TOP_COLOR_HEAD,
};

static struct {
	SCREEN		*terminal;
	bool		open;
	bool		utf8;
	bool		help;
	unsigned int	top;		/* the first row that is seen, of those that are shown */
	unsigned int	at;		/* the row that is chosen, likewise */
	char		chosen[2][TOP_NAME];	/* controller and name of it, which may move */
} top_screen;

/**
 * top_screen_close() - give the terminal back
 */
void top_screen_close(void)
{
	if (!top_screen.open)
		return;
	top_screen.open = false;
	/* What was there before may not come back: what comes next shall have a line of its own. */
	move(LINES - 1, 0);
	clrtoeol();
	refresh();
	endwin();
}

/**
 * top_screen_open() - take the terminal
 *
 * Return: whether that is a terminal that can be drawn on.
 */
bool top_screen_open(void)
{
	setlocale(LC_CTYPE, "");
	top_screen.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return false;
	top_screen.terminal = newterm(NULL, stdout, stdin);
	if (!top_screen.terminal)
		return false;
	set_term(top_screen.terminal);
	top_screen.open = true;
	atexit(top_screen_close);
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	if (has_colors() && start_color() == OK) {
		use_default_colors();
		init_pair(TOP_COLOR_SPARK, COLOR_CYAN, -1);
		init_pair(TOP_COLOR_BAD, COLOR_RED, -1);
		init_pair(TOP_COLOR_HEAD, COLOR_GREEN, -1);
	}
	return true;
}

static attr_t top_screen_color(short pair)
{
	return has_colors() ? (attr_t)COLOR_PAIR(pair) : A_NORMAL;
}

static void top_screen_line(int line, attr_t how, const char *text)
{
	attrset(how);
	mvaddnstr(line, 0, text, COLS);
	attrset(A_NORMAL);
}

static void top_screen_title(const struct top_view *view, const struct top_sample *now, double interval)
{
	char text[TOP_WIDEST], clock[16] = "";
	time_t wall = (time_t)now->wall;
	unsigned int i, ctrls = 0;
	struct tm tm;

	if (localtime_r(&wall, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	for (i = 0; i < view->nr; i++)
		ctrls += view->rows[i].item.kind == TOP_CTRL;
	snprintf(text, sizeof(text), "onvme-top  %s  %u controller%s  every %.3g s  %s latency  by %s%s", clock, ctrls,
		 ctrls == 1 ? "" : "s", interval, top_view_phases[view->phase], top_text_value_name(view->sort),
		 view->reverse ? ", reversed" : "");
	top_screen_line(0, A_BOLD, text);
}

/* The row that was chosen may have moved, or gone: then the one that is in its place is. */
static void top_screen_follow(const struct top_view *view, unsigned int lines)
{
	const struct top_item *item;
	unsigned int i;

	for (i = 0; i < view->nr_shown; i++) {
		item = &view->rows[view->shown[i]].item;
		if (!strcmp(item->name, top_screen.chosen[1]) &&
		    !strcmp(view->rows[item->ctrl].item.name, top_screen.chosen[0])) {
			top_screen.at = i;
			break;
		}
	}
	if (top_screen.at >= view->nr_shown)
		top_screen.at = view->nr_shown ? view->nr_shown - 1 : 0;
	if (top_screen.top > top_screen.at)
		top_screen.top = top_screen.at;
	if (top_screen.at >= top_screen.top + lines)
		top_screen.top = top_screen.at - lines + 1;
	/* No empty lines below while there are rows above. */
	if (top_screen.top + lines > view->nr_shown)
		top_screen.top = view->nr_shown > lines ? view->nr_shown - lines : 0;
}

static void top_screen_choose(const struct top_view *view, unsigned int at)
{
	const struct top_item *item;

	if (!view->nr_shown)
		return;
	top_screen.at = at < view->nr_shown ? at : view->nr_shown - 1;
	item = &view->rows[view->shown[top_screen.at]].item;
	strcpy(top_screen.chosen[0], view->rows[item->ctrl].item.name);
	strcpy(top_screen.chosen[1], item->name);
}

/* What somebody should look at. */
static bool top_screen_is_bad(const struct top_item *item)
{
	unsigned long long warning;

	if (item->kind == TOP_QUEUE)
		return !strcmp(item->state, "timer") || !strcmp(item->state, "trial");
	return item->kind == TOP_CTRL && ((*item->state && strcmp(item->state, "live")) ||
					  (top_sample_get(item, TOP_WARNING, &warning) && warning));
}

static void top_screen_row(int line, const struct top_layout *layout, const struct top_row *row, bool chosen)
{
	attr_t how = row->item.kind == TOP_CTRL ? A_BOLD : A_NORMAL;
	char text[TOP_WIDEST];

	if (top_screen_is_bad(&row->item))
		how |= top_screen_color(TOP_COLOR_BAD);
	if (chosen)
		how |= A_REVERSE;
	top_text_row(layout, row, text, sizeof(text));
	top_screen_line(line, how, text);
	if (!layout->spark)
		return;
	top_text_spark(layout, row, top_screen.utf8, text, sizeof(text));
	attrset(top_screen_color(TOP_COLOR_SPARK));
	addstr(" ");
	addstr(text);
	attrset(A_NORMAL);
}

static void top_screen_rows(const struct top_view *view)
{
	unsigned int i, lines = (unsigned int)LINES - TOP_SCREEN_FRAME;
	struct top_layout layout;
	char text[TOP_WIDEST];

	/* Not into the last column, where some terminals begin another line. */
	top_text_layout(&layout, (unsigned int)COLS - 1, true);
	top_text_head(&layout, text, sizeof(text));
	top_screen_line(1, A_BOLD | top_screen_color(TOP_COLOR_HEAD), text);
	top_screen_follow(view, lines);
	for (i = 0; i < lines && top_screen.top + i < view->nr_shown; i++)
		top_screen_row((int)i + 2, &layout, &view->rows[view->shown[top_screen.top + i]],
			       top_screen.top + i == top_screen.at);
	if (!view->nr)
		top_screen_line(3, A_NORMAL, "no NVMe controllers");
}

static void top_screen_help(void)
{
	static const char * const lines[] = {
		"up, down    choose a row, and so do k, j, page up, page down, home, end",
		"space       of its controller: without queues, it alone, all again",
		"f           the same, of all controllers",
		"s, S        sort by the next column, by the one before",
		"r           the other way round",
		"l           percentiles of the next time of a command: device, interrupt, host",
		"+, -        twice as often, half as often",
		"h, ?        this, and away again",
		"q           quit",
	};
	unsigned int i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines) && (int)i + 3 < LINES; i++)
		top_screen_line((int)i + 2, A_NORMAL, lines[i]);
}

static void top_screen_foot(const struct top_view *view, const struct top_sample *now)
{
	char text[TOP_WIDEST];

	if (*now->notice || *view->gone) {
		if (*now->notice)
			snprintf(text, sizeof(text), "%s", now->notice);
		else
			snprintf(text, sizeof(text), "%s is gone", view->gone);
		top_screen_line(LINES - 1, A_BOLD | top_screen_color(TOP_COLOR_BAD), text);
		return;
	}
	top_screen_line(LINES - 1, A_DIM, "q quit  s sort  r reverse  space fold  f fold all  l latency  h help");
}

/**
 * top_screen_draw() - what there is to see
 * @view: the rows
 * @now: the newer sample of them
 * @interval: seconds between samples
 */
void top_screen_draw(struct top_view *view, const struct top_sample *now, double interval)
{
	erase();
	if (LINES < TOP_SCREEN_LEAST_LINES || COLS < TOP_SCREEN_LEAST_COLS) {
		top_screen_line(0, A_NORMAL, "terminal too small");
	} else {
		top_screen_title(view, now, interval);
		if (top_screen.help)
			top_screen_help();
		else
			top_screen_rows(view);
		top_screen_foot(view, now);
	}
	refresh();
}

static void top_screen_sort(struct top_view *view, unsigned int step)
{
	view->sort = (view->sort + step) % (TOP_VALUES + 1);
	top_view_arrange(view);
}

/* Where a row is, of those that are shown; their number when it is not. */
static unsigned int top_screen_place(const struct top_view *view, unsigned int row)
{
	unsigned int i;

	for (i = 0; i < view->nr_shown; i++)
		if (view->shown[i] == row)
			break;
	return i;
}

/* A row that is folded away leaves the choice to its controller. */
static void top_screen_fold(struct top_view *view, bool all)
{
	unsigned int row, at;

	if (top_screen.at >= view->nr_shown)
		return;
	row = view->shown[top_screen.at];
	top_view_fold(view, row, all);
	top_view_arrange(view);
	at = top_screen_place(view, row);
	if (at == view->nr_shown)
		at = top_screen_place(view, view->rows[row].item.ctrl);
	top_screen_choose(view, at);
}

static enum top_key top_screen_take(struct top_view *view, int key)
{
	unsigned int page = LINES > TOP_SCREEN_FRAME ? (unsigned int)LINES - TOP_SCREEN_FRAME : 1;

	switch (key) {
	case 'q':
		return TOP_KEY_QUIT;
	case '+':
		return TOP_KEY_FASTER;
	case '-':
		return TOP_KEY_SLOWER;
	case 'h':
	case '?':
		top_screen.help = !top_screen.help;
		break;
	case KEY_UP:
	case 'k':
		top_screen_choose(view, top_screen.at ? top_screen.at - 1 : 0);
		break;
	case KEY_DOWN:
	case 'j':
		top_screen_choose(view, top_screen.at + 1);
		break;
	case KEY_PPAGE:
		top_screen_choose(view, top_screen.at > page ? top_screen.at - page : 0);
		break;
	case KEY_NPAGE:
		top_screen_choose(view, top_screen.at + page);
		break;
	case KEY_HOME:
		top_screen_choose(view, 0);
		break;
	case KEY_END:
		top_screen_choose(view, TOP_ITEMS);
		break;
	case ' ':
	case 'f':
		top_screen_fold(view, key == 'f');
		break;
	case 's':
		top_screen_sort(view, 1);
		break;
	case 'S':
		top_screen_sort(view, TOP_VALUES);
		break;
	case 'r':
		view->reverse = !view->reverse;
		top_view_arrange(view);
		break;
	case 'l':
		top_view_next_phase(view);
		top_view_arrange(view);
		break;
	case KEY_RESIZE:
		break;
	default:
		return TOP_KEY_NONE;
	}
	return TOP_KEY_DRAW;
}

/**
 * top_screen_key() - do what was typed
 * @view: may be arranged anew
 *
 * Does not wait. Keys that concern others than the screen end it; the rest of what was typed is for the next call.
 *
 * Return: what has to be done about it.
 */
enum top_key top_screen_key(struct top_view *view)
{
	enum top_key what, last = TOP_KEY_NONE;
	unsigned int i;
	int key;

	for (i = 0; i < TOP_SCREEN_KEYS; i++) {
		key = getch();
		if (key == ERR)
			break;
		what = top_screen_take(view, key);
		if (what > TOP_KEY_DRAW)
			return what;
		if (what == TOP_KEY_DRAW)
			last = what;
	}
	return last;
}
