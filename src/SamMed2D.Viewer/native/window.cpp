#include "sammed2d_gui.h"
#include "status.h"

#include <cstring>
#include <deque>
#include <string>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

struct sammed2d_gui_window
{
    GLFWwindow* handle = nullptr;
    std::deque<sammed2d_gui_event> events;
    std::string dropped; // paths, each ended by a zero
    GLFWcursor* cursors[8] = {};
    double x = 0, y = 0; // where the pointer was at the last event
};

namespace
{
std::string s_glfw_error;

sammed2d_gui_window& of(GLFWwindow* handle)
{
    return *static_cast<sammed2d_gui_window*>(glfwGetWindowUserPointer(handle));
}

// Called from GLFW, a C library: nothing may be thrown through it.
void push(GLFWwindow* handle, int32_t kind, int32_t code = 0, int32_t is_down = 0, int32_t is_repeat = 0, int32_t modifiers = 0, double x = 0,
          double y = 0) noexcept
{
    try
    {
        of(handle).events.push_back({ kind, code, is_down, is_repeat, modifiers, static_cast<float>(x), static_cast<float>(y) });
    }
    catch (...)
    {
        sammed2d::remember("out of memory while events wait");
    }
}

void listen(GLFWwindow* handle)
{
    glfwSetCursorPosCallback(handle, [](GLFWwindow* w, double x, double y) {
        of(w).x = x;
        of(w).y = y;
        push(w, SAMMED2D_GUI_EVENT_MOVE, 0, 0, 0, 0, x, y);
    });
    glfwSetMouseButtonCallback(handle, [](GLFWwindow* w, int button, int action, int modifiers) {
        // Where the pointer was then: glfwGetCursorPos would say where it is now, and a slow frame may be a whole drag late.
        push(w, SAMMED2D_GUI_EVENT_BUTTON, button, action == GLFW_PRESS, 0, modifiers, of(w).x, of(w).y);
    });
    glfwSetScrollCallback(handle, [](GLFWwindow* w, double x, double y) { push(w, SAMMED2D_GUI_EVENT_WHEEL, 0, 0, 0, 0, x, y); });
    glfwSetKeyCallback(handle, [](GLFWwindow* w, int key, int, int action, int modifiers) {
        push(w, SAMMED2D_GUI_EVENT_KEY, key, action != GLFW_RELEASE, action == GLFW_REPEAT, modifiers);
    });
    glfwSetCharCallback(handle, [](GLFWwindow* w, unsigned character) { push(w, SAMMED2D_GUI_EVENT_CHARACTER, static_cast<int32_t>(character)); });
    glfwSetCursorEnterCallback(handle, [](GLFWwindow* w, int entered) {
        if (!entered) push(w, SAMMED2D_GUI_EVENT_LEAVE);
    });
    glfwSetWindowFocusCallback(handle, [](GLFWwindow* w, int focused) { push(w, SAMMED2D_GUI_EVENT_FOCUS, 0, focused); });
    glfwSetWindowRefreshCallback(handle, [](GLFWwindow* w) { push(w, SAMMED2D_GUI_EVENT_REDRAW); });
    glfwSetFramebufferSizeCallback(handle, [](GLFWwindow* w, int, int) { push(w, SAMMED2D_GUI_EVENT_REDRAW); });
    glfwSetWindowContentScaleCallback(handle, [](GLFWwindow* w, float, float) { push(w, SAMMED2D_GUI_EVENT_REDRAW); });
    glfwSetWindowCloseCallback(handle, [](GLFWwindow* w) {
        glfwSetWindowShouldClose(w, GLFW_FALSE); // whether it closes, the program decides: there may be unsaved work
        push(w, SAMMED2D_GUI_EVENT_CLOSE);
    });
    glfwSetDropCallback(handle, [](GLFWwindow* w, int count, const char** paths) {
        try
        {
            for (int n = 0; n < count; ++n) of(w).dropped.append(paths[n], std::strlen(paths[n]) + 1);
        }
        catch (...)
        {
            sammed2d::remember("out of memory while files were dropped");
        }
        push(w, SAMMED2D_GUI_EVENT_DROP);
    });
}
} // namespace

SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_abi_version(void)
{
    return SAMMED2D_GUI_ABI_VERSION;
}

/* Opens a window with a current OpenGL 4.5 core context. */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_open(const char* title, int32_t width, int32_t height, int32_t min_width, int32_t min_height,
                                              int32_t is_hidden, int32_t is_debug, sammed2d_gui_window** window, char* message, int32_t message_bytes)
{
    if (title == nullptr || window == nullptr) return SAMMED2D_GUI_BAD_ARGUMENT;
    *window = nullptr;
    return sammed2d::guarded(message, message_bytes, [&]() -> int32_t {
        glfwSetErrorCallback([](int, const char* text) {
            try
            {
                s_glfw_error = text;
            }
            catch (...)
            {
            }
        });
        if (!glfwInit())
        {
            sammed2d::say(message, message_bytes, s_glfw_error.c_str());
            return SAMMED2D_GUI_NO_DISPLAY;
        }
        glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 4);
        glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 5);
        glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
        glfwWindowHint(GLFW_OPENGL_DEBUG_CONTEXT, is_debug ? GLFW_TRUE : GLFW_FALSE);
        glfwWindowHint(GLFW_VISIBLE, is_hidden ? GLFW_FALSE : GLFW_TRUE);
        glfwWindowHint(GLFW_DEPTH_BITS, 0);
        glfwWindowHint(GLFW_STENCIL_BITS, 0);
        glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
        glfwWindowHintString(GLFW_X11_CLASS_NAME, "sammed2d");
        glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "sammed2d");
        GLFWwindow* handle = glfwCreateWindow(width, height, title, nullptr, nullptr);
        if (handle == nullptr)
        {
            sammed2d::say(message, message_bytes, s_glfw_error.c_str());
            glfwTerminate();
            return SAMMED2D_GUI_NO_OPENGL;
        }
        auto* made = new sammed2d_gui_window;
        made->handle = handle;
        glfwSetWindowUserPointer(handle, made);
        // The smallest size holds as much on a finer display: there everything is drawn larger.
        float scale = 1, vertical = 1;
        int pixels = width, window_pixels = width, height_in_pixels = 0;
        glfwGetWindowContentScale(handle, &scale, &vertical);
        glfwGetFramebufferSize(handle, &pixels, &height_in_pixels);
        glfwGetWindowSize(handle, &window_pixels, nullptr);
        if (pixels > 0 && window_pixels > 0) scale *= static_cast<float>(window_pixels) / static_cast<float>(pixels);
        glfwSetWindowSizeLimits(handle, static_cast<int>(min_width * scale), static_cast<int>(min_height * scale), GLFW_DONT_CARE, GLFW_DONT_CARE);
        listen(handle);
        glfwMakeContextCurrent(handle);
        glfwSwapInterval(1);
        *window = made;
        return SAMMED2D_GUI_OK;
    });
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_close(sammed2d_gui_window* window)
{
    if (window == nullptr) return;
    for (GLFWcursor* cursor : window->cursors)
        if (cursor != nullptr) glfwDestroyCursor(cursor);
    glfwDestroyWindow(window->handle);
    glfwTerminate();
    delete window;
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_make_current(sammed2d_gui_window* window)
{
    glfwMakeContextCurrent(window->handle);
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_present(sammed2d_gui_window* window)
{
    glfwSwapBuffers(window->handle);
}

SAMMED2D_GUI_EXPORT void* sammed2d_gui_proc_address(const char* name)
{
    return reinterpret_cast<void*>(glfwGetProcAddress(name));
}

/* The framebuffer's size, the window's, and the display's scale. */
SAMMED2D_GUI_EXPORT void sammed2d_gui_size(sammed2d_gui_window* window, int32_t* width, int32_t* height, int32_t* window_width, int32_t* window_height,
                                           float* scale)
{
    glfwGetFramebufferSize(window->handle, width, height);
    glfwGetWindowSize(window->handle, window_width, window_height);
    float vertical = 1;
    glfwGetWindowContentScale(window->handle, scale, &vertical);
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_set_title(sammed2d_gui_window* window, const char* title)
{
    glfwSetWindowTitle(window->handle, title);
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_resize(sammed2d_gui_window* window, int32_t width, int32_t height)
{
    glfwSetWindowSize(window->handle, width, height);
}

/* Collects events; waits for one at most so many seconds, not at all for 0. */
SAMMED2D_GUI_EXPORT void sammed2d_gui_wait(double seconds)
{
    if (seconds > 0) glfwWaitEventsTimeout(seconds);
    else glfwPollEvents();
}

/* What a key prints on the user's keyboard, without modifiers; null where it prints nothing. Lives until the next call. */
SAMMED2D_GUI_EXPORT const char* sammed2d_gui_key_name(int32_t key)
{
    return glfwGetKeyName(key, 0);
}

/* Ends a wait, from any thread. */
SAMMED2D_GUI_EXPORT void sammed2d_gui_wake(void)
{
    glfwPostEmptyEvent();
}

/* Takes the oldest event; 0 where there is none. */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_next_event(sammed2d_gui_window* window, sammed2d_gui_event* event)
{
    if (window->events.empty()) return 0;
    *event = window->events.front();
    window->events.pop_front();
    return 1;
}

/* Takes the dropped paths, each ended by a zero; returns the bytes written, or those needed, negative, where the buffer is too small. */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_take_dropped(sammed2d_gui_window* window, char* buffer, int32_t bytes)
{
    const auto size = static_cast<int32_t>(window->dropped.size());
    if (size > bytes) return -size;
    std::memcpy(buffer, window->dropped.data(), window->dropped.size());
    window->dropped.clear();
    return size;
}

/* The clipboard's text; lives until the next call. */
SAMMED2D_GUI_EXPORT const char* sammed2d_gui_clipboard(sammed2d_gui_window* window)
{
    const char* text = glfwGetClipboardString(window->handle);
    return text == nullptr ? "" : text;
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_set_clipboard(sammed2d_gui_window* window, const char* text)
{
    glfwSetClipboardString(window->handle, text);
}

/* 0 arrow, 1 text, 2 cross, 3 hand, 4 horizontal, 5 vertical, -1 none. */
SAMMED2D_GUI_EXPORT void sammed2d_gui_set_cursor(sammed2d_gui_window* window, int32_t shape)
{
    static const int shapes[] = { GLFW_ARROW_CURSOR, GLFW_IBEAM_CURSOR, GLFW_CROSSHAIR_CURSOR, GLFW_HAND_CURSOR, GLFW_HRESIZE_CURSOR, GLFW_VRESIZE_CURSOR };
    glfwSetInputMode(window->handle, GLFW_CURSOR, shape < 0 ? GLFW_CURSOR_HIDDEN : GLFW_CURSOR_NORMAL);
    if (shape < 0 || shape > 5) return;
    if (window->cursors[shape] == nullptr) window->cursors[shape] = glfwCreateStandardCursor(shapes[shape]);
    glfwSetCursor(window->handle, window->cursors[shape]);
}
