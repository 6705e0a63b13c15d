/* A C interface over GLFW 3 and Dear ImGui. Functions that can fail return a status and write why, in UTF-8 and ended by a zero, into
   the caller's buffer. Widgets and drawing return what ImGui says; an exception among them is kept and reported by
   sammed2d_gui_end_frame. No exception leaves the library. Text is UTF-8, lengths are pixels, colours have red in the lowest byte.
   Everything is called from one thread, except sammed2d_gui_wake. */
#ifndef SAMMED2D_GUI_H
#define SAMMED2D_GUI_H

#include <stdint.h>

#define SAMMED2D_GUI_ABI_VERSION 1
#define SAMMED2D_GUI_EXPORT extern "C" __attribute__((visibility("default")))

enum
{
    SAMMED2D_GUI_OK = 0,
    SAMMED2D_GUI_NO_DISPLAY = 1,
    SAMMED2D_GUI_NO_OPENGL = 2,
    SAMMED2D_GUI_BAD_ARGUMENT = 3,
    SAMMED2D_GUI_NO_MEMORY = 4,
    SAMMED2D_GUI_BAD_FONT = 5,
    SAMMED2D_GUI_FAILED = 6
};

enum
{
    SAMMED2D_GUI_EVENT_MOVE = 1,      /* x, y */
    SAMMED2D_GUI_EVENT_BUTTON = 2,    /* code: button, is_down, modifiers */
    SAMMED2D_GUI_EVENT_WHEEL = 3,     /* x, y: steps */
    SAMMED2D_GUI_EVENT_KEY = 4,       /* code: GLFW's key, is_down, is_repeat, modifiers */
    SAMMED2D_GUI_EVENT_CHARACTER = 5, /* code: the code point */
    SAMMED2D_GUI_EVENT_LEAVE = 6,
    SAMMED2D_GUI_EVENT_FOCUS = 7,     /* is_down: whether it has the focus */
    SAMMED2D_GUI_EVENT_REDRAW = 8,    /* size, scale or content of the window changed */
    SAMMED2D_GUI_EVENT_DROP = 9,      /* files wait in sammed2d_gui_take_dropped */
    SAMMED2D_GUI_EVENT_CLOSE = 10
};

typedef struct sammed2d_gui_window sammed2d_gui_window;

typedef struct
{
    int32_t kind, code, is_down, is_repeat, modifiers; /* modifiers: 1 shift, 2 control, 4 alt, 8 super */
    float x, y;
} sammed2d_gui_event;

typedef struct
{
    const char* path;
    float pixels;
    const uint16_t* ranges; /* pairs of first and last code point, ended by 0; they must live as long as the fonts */
    int32_t is_merged;      /* adds its glyphs to the font before it */
    float offset_y;
    float advance;          /* the least advance; 0 leaves it */
} sammed2d_gui_font;

#endif
