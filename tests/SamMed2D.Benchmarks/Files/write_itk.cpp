// Writes an 8-bit image, read once, with ITK's NIfTI writer, compressed, to the file named by each line of standard input.
#include <itkImage.h>
#include <itkImageFileReader.h>
#include <itkImageFileWriter.h>
#include <itkNiftiImageIOFactory.h>
#include <iostream>
#include <string>

int main(int argc, char** argv)
{
    using Image = itk::Image<unsigned char, 3>;
    if (argc != 2) return 2;
    itk::NiftiImageIOFactory::RegisterOneFactory();
    auto reader = itk::ImageFileReader<Image>::New();
    reader->SetFileName(argv[1]);
    reader->Update();
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);)
    {
        auto writer = itk::ImageFileWriter<Image>::New();
        writer->SetInput(reader->GetOutput());
        writer->SetFileName(line);
        writer->UseCompressionOn();
        writer->Update();
        std::cout << "done" << std::endl;
    }
}
