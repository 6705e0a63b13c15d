#include "sammed2d_gui.h"
#include "status.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>
#include <imgui_freetype.h>

namespace
{
std::string s_failure;
std::vector<ImFont*> s_fonts;
ImVec4 s_background; // what lies beneath everything: the main window fills nothing itself
const char* (*s_read_clipboard)() = nullptr;
void (*s_write_clipboard)(const char*) = nullptr;

// The few OpenGL functions that a picture of the window needs; the rest is Dear ImGui's own matter.
struct OpenGl
{
    void (*BindFramebuffer)(unsigned, unsigned);
    void (*Viewport)(int, int, int, int);
    void (*ClearColor)(float, float, float, float);
    void (*Clear)(unsigned);
    void (*ReadPixels)(int, int, int, int, unsigned, unsigned, void*);
    void (*PixelStorei)(unsigned, int);
    void (*GenFramebuffers)(int, unsigned*);
    void (*DeleteFramebuffers)(int, const unsigned*);
    void (*GenRenderbuffers)(int, unsigned*);
    void (*DeleteRenderbuffers)(int, const unsigned*);
    void (*BindRenderbuffer)(unsigned, unsigned);
    void (*RenderbufferStorage)(unsigned, unsigned, int, int);
    void (*FramebufferRenderbuffer)(unsigned, unsigned, unsigned, unsigned);
    void (*GenTextures)(int, unsigned*);
    void (*DeleteTextures)(int, const unsigned*);
    void (*BindTexture)(unsigned, unsigned);
    void (*TexImage2D)(unsigned, int, int, int, int, int, unsigned, unsigned, const void*);
    void (*TexParameteri)(unsigned, unsigned, int);
    void (*Enable)(unsigned);
    void (*Disable)(unsigned);
} s_gl;

enum : unsigned
{
    kFramebuffer = 0x8D40,
    kRenderbuffer = 0x8D41,
    kColorAttachment = 0x8CE0,
    kRgba8 = 0x8058,
    kRgb = 0x1907,
    kRgba = 0x1908,
    kUnsignedByte = 0x1401,
    kColorBit = 0x4000,
    kBlend = 0x0BE2,
    kPackAlignment = 0x0D05,
    kUnpackAlignment = 0x0CF5,
    kTexture2D = 0x0DE1,
    kMinFilter = 0x2801,
    kMagFilter = 0x2800,
    kLinear = 0x2601,
    kWrapS = 0x2802,
    kWrapT = 0x2803,
    kClampToEdge = 0x812F
};

bool load_open_gl(void* (*find)(const char*))
{
    bool is_whole = true;
    const auto take = [&](auto& function, const char* name) {
        void* address = find(name);
        if (address == nullptr) is_whole = false;
        std::memcpy(&function, &address, sizeof address);
    };
    take(s_gl.BindFramebuffer, "glBindFramebuffer");
    take(s_gl.Viewport, "glViewport");
    take(s_gl.ClearColor, "glClearColor");
    take(s_gl.Clear, "glClear");
    take(s_gl.ReadPixels, "glReadPixels");
    take(s_gl.PixelStorei, "glPixelStorei");
    take(s_gl.GenFramebuffers, "glGenFramebuffers");
    take(s_gl.DeleteFramebuffers, "glDeleteFramebuffers");
    take(s_gl.GenRenderbuffers, "glGenRenderbuffers");
    take(s_gl.DeleteRenderbuffers, "glDeleteRenderbuffers");
    take(s_gl.BindRenderbuffer, "glBindRenderbuffer");
    take(s_gl.RenderbufferStorage, "glRenderbufferStorage");
    take(s_gl.FramebufferRenderbuffer, "glFramebufferRenderbuffer");
    take(s_gl.GenTextures, "glGenTextures");
    take(s_gl.DeleteTextures, "glDeleteTextures");
    take(s_gl.BindTexture, "glBindTexture");
    take(s_gl.TexImage2D, "glTexImage2D");
    take(s_gl.TexParameteri, "glTexParameteri");
    take(s_gl.Enable, "glEnable");
    take(s_gl.Disable, "glDisable");
    return is_whole;
}

void clear()
{
    s_gl.ClearColor(s_background.x, s_background.y, s_background.z, 1);
    s_gl.Clear(kColorBit);
}

void map_keys(ImGuiIO& io)
{
    const int pairs[][2] = { { ImGuiKey_Tab, GLFW_KEY_TAB }, { ImGuiKey_LeftArrow, GLFW_KEY_LEFT }, { ImGuiKey_RightArrow, GLFW_KEY_RIGHT },
        { ImGuiKey_UpArrow, GLFW_KEY_UP }, { ImGuiKey_DownArrow, GLFW_KEY_DOWN }, { ImGuiKey_PageUp, GLFW_KEY_PAGE_UP },
        { ImGuiKey_PageDown, GLFW_KEY_PAGE_DOWN }, { ImGuiKey_Home, GLFW_KEY_HOME }, { ImGuiKey_End, GLFW_KEY_END },
        { ImGuiKey_Insert, GLFW_KEY_INSERT }, { ImGuiKey_Delete, GLFW_KEY_DELETE }, { ImGuiKey_Backspace, GLFW_KEY_BACKSPACE },
        { ImGuiKey_Space, GLFW_KEY_SPACE }, { ImGuiKey_Enter, GLFW_KEY_ENTER }, { ImGuiKey_Escape, GLFW_KEY_ESCAPE },
        { ImGuiKey_KeyPadEnter, GLFW_KEY_KP_ENTER }, { ImGuiKey_A, GLFW_KEY_A }, { ImGuiKey_C, GLFW_KEY_C }, { ImGuiKey_V, GLFW_KEY_V },
        { ImGuiKey_X, GLFW_KEY_X }, { ImGuiKey_Y, GLFW_KEY_Y }, { ImGuiKey_Z, GLFW_KEY_Z } };
    for (const auto& pair : pairs) io.KeyMap[pair[0]] = pair[1];
}
} // namespace

void sammed2d::say(char* message, int32_t message_bytes, const char* text)
{
    if (message == nullptr || message_bytes <= 0 || text == nullptr) return;
    const size_t length = std::min(std::strlen(text), static_cast<size_t>(message_bytes - 1));
    std::memcpy(message, text, length);
    message[length] = '\0';
}

void sammed2d::set_blending(bool is_on) noexcept
{
    if (is_on) s_gl.Enable(kBlend);
    else s_gl.Disable(kBlend);
}

void sammed2d::remember(const char* text) noexcept
{
    try
    {
        if (s_failure.empty()) s_failure = text;
    }
    catch (...)
    {
    }
}

/* Starts Dear ImGui on the current OpenGL context. */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_start(void* (*find_function)(const char*), const char* (*read_clipboard)(), void (*write_clipboard)(const char*),
                                               char* message, int32_t message_bytes)
{
    return sammed2d::guarded(message, message_bytes, [&]() -> int32_t {
        if (!load_open_gl(find_function))
        {
            sammed2d::say(message, message_bytes, "an OpenGL function is missing");
            return SAMMED2D_GUI_NO_OPENGL;
        }
        IMGUI_CHECKVERSION();
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.LogFilename = nullptr;
        io.BackendPlatformName = "sammed2d";
        io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
        io.ConfigInputTextCursorBlink = false; // a blinking cursor would keep an idle window drawing
        io.ConfigWindowsMoveFromTitleBarOnly = true;
        s_read_clipboard = read_clipboard;
        s_write_clipboard = write_clipboard;
        io.GetClipboardTextFn = [](void*) { return s_read_clipboard(); };
        io.SetClipboardTextFn = [](void*, const char* text) { s_write_clipboard(text); };
        map_keys(io);
        if (ImGui_ImplOpenGL3_Init("#version 450")) return SAMMED2D_GUI_OK;
        sammed2d::say(message, message_bytes, "Dear ImGui finds no OpenGL");
        return SAMMED2D_GUI_NO_OPENGL;
    });
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_stop(void)
{
    if (ImGui::GetCurrentContext() == nullptr) return;
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext();
    s_fonts.clear();
}

/* Replaces all fonts; those not merged into another get the numbers 0, 1, … in order. */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_load_fonts(const sammed2d_gui_font* fonts, int32_t count, char* message, int32_t message_bytes)
{
    return sammed2d::guarded(message, message_bytes, [&]() -> int32_t {
        ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
        atlas.Clear();
        s_fonts.clear();
        atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
        atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
        atlas.TexGlyphPadding = 1;
        for (int32_t n = 0; n < count; ++n)
        {
            ImFontConfig config;
            config.MergeMode = fonts[n].is_merged != 0;
            config.GlyphOffset.y = fonts[n].offset_y;
            config.GlyphMinAdvanceX = fonts[n].advance;
            ImFont* font = atlas.AddFontFromFileTTF(fonts[n].path, fonts[n].pixels, &config, fonts[n].ranges);
            if (font == nullptr)
            {
                sammed2d::say(message, message_bytes, fonts[n].path);
                return SAMMED2D_GUI_BAD_FONT;
            }
            if (fonts[n].is_merged == 0) s_fonts.push_back(font);
        }
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
        return SAMMED2D_GUI_OK;
    });
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_push_font(int32_t number)
{
    ImGui::PushFont(number >= 0 && static_cast<size_t>(number) < s_fonts.size() ? s_fonts[static_cast<size_t>(number)] : nullptr);
}

/* Sets the sizes of everything, for a display scale of 1, then scales them. */
SAMMED2D_GUI_EXPORT void sammed2d_gui_set_sizes(float scale)
{
    ImGuiStyle style;
    std::copy(std::begin(ImGui::GetStyle().Colors), std::end(ImGui::GetStyle().Colors), style.Colors);
    style.WindowPadding = ImVec2(10, 10);
    style.FramePadding = ImVec2(8, 5);
    style.CellPadding = ImVec2(6, 3);
    style.ItemSpacing = ImVec2(8, 6);
    style.ItemInnerSpacing = ImVec2(6, 4);
    style.IndentSpacing = 16;
    style.ScrollbarSize = 11;
    style.GrabMinSize = 10;
    style.WindowRounding = 6;
    style.ChildRounding = 4;
    style.FrameRounding = 4;
    style.PopupRounding = 6;
    style.ScrollbarRounding = 6;
    style.GrabRounding = 4;
    style.TabRounding = 4;
    style.WindowBorderSize = 1;
    style.ChildBorderSize = 1;
    style.PopupBorderSize = 1;
    style.FrameBorderSize = 0;
    style.WindowTitleAlign = ImVec2(0, 0.5f);
    style.WindowMenuButtonPosition = ImGuiDir_None;
    style.DisabledAlpha = 0.42f;
    style.CircleTessellationMaxError = 0.2f;
    style.ScaleAllSizes(scale);
    ImGui::GetStyle() = style;
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_set_color(int32_t index, uint32_t color)
{
    if (index >= 0 && index < ImGuiCol_COUNT) ImGui::GetStyle().Colors[index] = ImGui::ColorConvertU32ToFloat4(color);
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_mouse_move(float x, float y)
{
    ImGui::GetIO().MousePos = ImVec2(x, y);
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_mouse_button(int32_t button, int32_t is_down)
{
    if (button >= 0 && button < 5) ImGui::GetIO().MouseDown[button] = is_down != 0;
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_mouse_wheel(float x, float y)
{
    ImGui::GetIO().MouseWheelH += x;
    ImGui::GetIO().MouseWheel += y;
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_key(int32_t key, int32_t is_down)
{
    ImGuiIO& io = ImGui::GetIO();
    if (key < 0 || key >= IM_ARRAYSIZE(io.KeysDown)) return;
    io.KeysDown[key] = is_down != 0;
    io.KeyCtrl = io.KeysDown[GLFW_KEY_LEFT_CONTROL] || io.KeysDown[GLFW_KEY_RIGHT_CONTROL];
    io.KeyShift = io.KeysDown[GLFW_KEY_LEFT_SHIFT] || io.KeysDown[GLFW_KEY_RIGHT_SHIFT];
    io.KeyAlt = io.KeysDown[GLFW_KEY_LEFT_ALT] || io.KeysDown[GLFW_KEY_RIGHT_ALT];
    io.KeySuper = io.KeysDown[GLFW_KEY_LEFT_SUPER] || io.KeysDown[GLFW_KEY_RIGHT_SUPER];
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_character(int32_t character)
{
    sammed2d::draw([&] { ImGui::GetIO().AddInputCharacter(static_cast<unsigned>(character)); });
}

/* Tells about the window's focus; losing it lets go of every key. */
SAMMED2D_GUI_EXPORT void sammed2d_gui_focus(int32_t has_focus)
{
    if (has_focus == 0)
    {
        std::fill(std::begin(ImGui::GetIO().KeysDown), std::end(ImGui::GetIO().KeysDown), false);
        sammed2d_gui_key(0, 0);
    }
    ImGui::GetIO().AddFocusEvent(has_focus != 0);
}

SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin_frame(int32_t width, int32_t height, float seconds, char* message, int32_t message_bytes)
{
    return sammed2d::guarded(message, message_bytes, [&]() -> int32_t {
        ImGuiIO& io = ImGui::GetIO();
        io.DisplaySize = ImVec2(static_cast<float>(width), static_cast<float>(height));
        io.DeltaTime = std::max(seconds, 1e-4f);
        ImGui_ImplOpenGL3_NewFrame();
        ImGui::NewFrame();
        return SAMMED2D_GUI_OK;
    });
}

/* Ends the frame and draws it into the window's framebuffer unless told not to; reports what failed on the way. */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_end_frame(int32_t is_drawn, uint32_t background, char* message, int32_t message_bytes)
{
    return sammed2d::guarded(message, message_bytes, [&]() -> int32_t {
        ImGui::Render();
        s_background = ImGui::ColorConvertU32ToFloat4(background);
        if (is_drawn != 0)
        {
            s_gl.BindFramebuffer(kFramebuffer, 0);
            s_gl.Viewport(0, 0, static_cast<int>(ImGui::GetIO().DisplaySize.x), static_cast<int>(ImGui::GetIO().DisplaySize.y));
            clear();
            ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        }
        if (s_failure.empty()) return SAMMED2D_GUI_OK;
        sammed2d::say(message, message_bytes, s_failure.c_str());
        s_failure.clear();
        return SAMMED2D_GUI_FAILED;
    });
}

/* Draws the frame that was ended last into memory: three bytes a pixel, the first row on top. */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_capture(uint8_t* pixels, int64_t bytes, char* message, int32_t message_bytes)
{
    return sammed2d::guarded(message, message_bytes, [&]() -> int32_t {
        ImDrawData* data = ImGui::GetDrawData();
        if (data == nullptr) return SAMMED2D_GUI_BAD_ARGUMENT;
        const int width = static_cast<int>(data->DisplaySize.x), height = static_cast<int>(data->DisplaySize.y);
        const size_t row = static_cast<size_t>(width) * 3;
        if (static_cast<int64_t>(row) * height != bytes) return SAMMED2D_GUI_BAD_ARGUMENT;
        std::vector<uint8_t> spare(row);
        unsigned framebuffer = 0, color = 0;
        s_gl.GenFramebuffers(1, &framebuffer);
        s_gl.GenRenderbuffers(1, &color);
        s_gl.BindRenderbuffer(kRenderbuffer, color);
        s_gl.RenderbufferStorage(kRenderbuffer, kRgba8, width, height);
        s_gl.BindFramebuffer(kFramebuffer, framebuffer);
        s_gl.FramebufferRenderbuffer(kFramebuffer, kColorAttachment, kRenderbuffer, color);
        s_gl.Viewport(0, 0, width, height);
        clear();
        ImGui_ImplOpenGL3_RenderDrawData(data);
        s_gl.PixelStorei(kPackAlignment, 1);
        s_gl.ReadPixels(0, 0, width, height, kRgb, kUnsignedByte, pixels);
        s_gl.BindFramebuffer(kFramebuffer, 0);
        s_gl.DeleteFramebuffers(1, &framebuffer);
        s_gl.DeleteRenderbuffers(1, &color);
        for (int y = 0; y < height / 2; ++y)
        {
            uint8_t *upper = pixels + row * static_cast<size_t>(y), *lower = pixels + row * static_cast<size_t>(height - 1 - y);
            std::memcpy(spare.data(), upper, row);
            std::memcpy(upper, lower, row);
            std::memcpy(lower, spare.data(), row);
        }
        return SAMMED2D_GUI_OK;
    });
}

/* Makes a texture of three or four bytes a pixel, the first row on top; deleted by sammed2d_gui_delete_texture. */
SAMMED2D_GUI_EXPORT uint32_t sammed2d_gui_create_texture(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels)
{
    unsigned texture = 0;
    s_gl.GenTextures(1, &texture);
    s_gl.BindTexture(kTexture2D, texture);
    s_gl.TexParameteri(kTexture2D, kMinFilter, kLinear);
    s_gl.TexParameteri(kTexture2D, kMagFilter, kLinear);
    s_gl.TexParameteri(kTexture2D, kWrapS, kClampToEdge);
    s_gl.TexParameteri(kTexture2D, kWrapT, kClampToEdge);
    s_gl.PixelStorei(kUnpackAlignment, 1);
    s_gl.TexImage2D(kTexture2D, 0, kRgba8, width, height, 0, channels == 4 ? kRgba : kRgb, kUnsignedByte, pixels);
    s_gl.BindTexture(kTexture2D, 0);
    return texture;
}

SAMMED2D_GUI_EXPORT void sammed2d_gui_delete_texture(uint32_t texture)
{
    s_gl.DeleteTextures(1, &texture);
}
