#include "sammed2d_itk.h"

#include <algorithm>
#include <cstring>
#include <iostream>
#include <new>
#include <sstream>
#include <string>

#include "itkImageIOBase.h"
#include "itkMetaImageIO.h"
#include "itkNrrdImageIO.h"

#define EXPORT __attribute__((visibility("default")))

struct sammed2d_itk_file
{
    itk::ImageIOBase::Pointer io;
};

namespace
{
// The readers beneath print to the standard streams; a library must not.
class QuietStreams
{
public:
    QuietStreams() : m_out(std::cout.rdbuf(m_text.rdbuf())), m_error(std::cerr.rdbuf(m_text.rdbuf())) {}
    ~QuietStreams()
    {
        std::cout.rdbuf(m_out);
        std::cerr.rdbuf(m_error);
    }

private:
    std::ostringstream m_text;
    std::streambuf* m_out;
    std::streambuf* m_error;
};

void say(char* message, int32_t message_bytes, const char* text)
{
    if (message == nullptr || message_bytes <= 0) return;
    const size_t length = std::min(std::strlen(text), static_cast<size_t>(message_bytes - 1));
    std::memcpy(message, text, length);
    message[length] = '\0';
}

// Runs work that may throw anything and turns it into a status and a message.
template <typename Work>
int32_t guarded(char* message, int32_t message_bytes, Work work)
{
    try
    {
        QuietStreams quiet;
        return work();
    }
    catch (const itk::ExceptionObject& failure)
    {
        say(message, message_bytes, failure.GetDescription());
        return SAMMED2D_ITK_BAD_FILE;
    }
    catch (const std::bad_alloc&)
    {
        say(message, message_bytes, "out of memory");
        return SAMMED2D_ITK_NO_MEMORY;
    }
    catch (const std::exception& failure)
    {
        say(message, message_bytes, failure.what());
        return SAMMED2D_ITK_BAD_FILE;
    }
    catch (...)
    {
        say(message, message_bytes, "unknown error");
        return SAMMED2D_ITK_BAD_FILE;
    }
}

itk::ImageIOBase::Pointer create_reader(int32_t format)
{
    if (format == SAMMED2D_ITK_NRRD) return itk::NrrdImageIO::New().GetPointer();
    if (format == SAMMED2D_ITK_META_IMAGE) return itk::MetaImageIO::New().GetPointer();
    return nullptr;
}

void describe(const itk::ImageIOBase& io, sammed2d_itk_description& description)
{
    std::memset(&description, 0, sizeof description);
    description.dimension = static_cast<int32_t>(io.GetNumberOfDimensions());
    description.component_type = static_cast<int32_t>(io.GetComponentType());
    description.component_bytes = static_cast<int32_t>(io.GetComponentSize());
    description.components = static_cast<int32_t>(io.GetNumberOfComponents());
    for (unsigned axis = 0; axis < io.GetNumberOfDimensions(); ++axis)
    {
        description.size[axis] = static_cast<int64_t>(io.GetDimensions(axis));
        description.spacing[axis] = io.GetSpacing(axis);
        description.origin[axis] = io.GetOrigin(axis);
        const std::vector<double> direction = io.GetDirection(axis);
        for (size_t part = 0; part < 3 && part < direction.size(); ++part) description.direction[axis][part] = direction[part];
    }
}
} // namespace

extern "C" EXPORT int32_t sammed2d_itk_abi_version(void)
{
    return SAMMED2D_ITK_ABI_VERSION;
}

extern "C" EXPORT int32_t sammed2d_itk_open(const char* path, int32_t format, sammed2d_itk_file** file,
                                            sammed2d_itk_description* description, char* message, int32_t message_bytes)
{
    if (path == nullptr || file == nullptr || description == nullptr) return SAMMED2D_ITK_BAD_ARGUMENT;
    *file = nullptr;
    return guarded(message, message_bytes, [&]() -> int32_t {
        itk::Object::SetGlobalWarningDisplay(false);
        const itk::ImageIOBase::Pointer io = create_reader(format);
        if (io.IsNull()) return SAMMED2D_ITK_BAD_ARGUMENT;
        io->SetFileName(path);
        io->ReadImageInformation();
        if (io->GetNumberOfDimensions() < 1 || io->GetNumberOfDimensions() > SAMMED2D_ITK_MAX_DIMENSION)
        {
            say(message, message_bytes, "too many dimensions");
            return SAMMED2D_ITK_BAD_FILE;
        }
        describe(*io, *description);
        *file = new sammed2d_itk_file{ io };
        return SAMMED2D_ITK_OK;
    });
}

extern "C" EXPORT int32_t sammed2d_itk_read(sammed2d_itk_file* file, void* buffer, int64_t buffer_bytes, char* message,
                                            int32_t message_bytes)
{
    if (file == nullptr || buffer == nullptr) return SAMMED2D_ITK_BAD_ARGUMENT;
    return guarded(message, message_bytes, [&]() -> int32_t {
        itk::ImageIOBase& io = *file->io;
        itk::ImageIORegion region(io.GetNumberOfDimensions());
        for (unsigned axis = 0; axis < io.GetNumberOfDimensions(); ++axis)
        {
            region.SetIndex(axis, 0);
            region.SetSize(axis, io.GetDimensions(axis));
        }
        io.SetIORegion(region);
        if (static_cast<int64_t>(io.GetImageSizeInBytes()) != buffer_bytes)
        {
            say(message, message_bytes, "the buffer has another size than the image");
            return SAMMED2D_ITK_BAD_ARGUMENT;
        }
        io.Read(buffer);
        return SAMMED2D_ITK_OK;
    });
}

extern "C" EXPORT void sammed2d_itk_close(sammed2d_itk_file* file)
{
    delete file;
}
