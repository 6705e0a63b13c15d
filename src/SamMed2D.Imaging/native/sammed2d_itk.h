/* A C interface over ITK's readers of NRRD and MetaImage. Every function returns a status and writes why it failed, in UTF-8 and
   ended by a zero, into the caller's buffer; no exception leaves the library. Calls must not overlap: the readers beneath keep
   their errors in globals. */
#ifndef SAMMED2D_ITK_H
#define SAMMED2D_ITK_H

#include <stdint.h>

#define SAMMED2D_ITK_ABI_VERSION 1
#define SAMMED2D_ITK_MAX_DIMENSION 4

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sammed2d_itk_file sammed2d_itk_file;

enum { SAMMED2D_ITK_OK = 0, SAMMED2D_ITK_BAD_FILE = 1, SAMMED2D_ITK_BAD_ARGUMENT = 2, SAMMED2D_ITK_NO_MEMORY = 3 };
enum { SAMMED2D_ITK_NRRD = 0, SAMMED2D_ITK_META_IMAGE = 1 };

/* What a header says. Lengths in millimetres on DICOM's axes: left, posterior, superior. */
typedef struct
{
    int32_t dimension;                                 /* 1 to SAMMED2D_ITK_MAX_DIMENSION */
    int32_t component_type;                            /* itk::IOComponentEnum */
    int32_t component_bytes;
    int32_t components;                                /* numbers per voxel, stored together */
    int64_t size[SAMMED2D_ITK_MAX_DIMENSION];
    double spacing[SAMMED2D_ITK_MAX_DIMENSION];
    double origin[SAMMED2D_ITK_MAX_DIMENSION];
    double direction[SAMMED2D_ITK_MAX_DIMENSION][3];   /* [axis]: unit vector of one index step */
} sammed2d_itk_description;

/* SAMMED2D_ITK_ABI_VERSION of the library. */
int32_t sammed2d_itk_abi_version(void);

/* Opens a file and reads its header. The caller closes *file. */
int32_t sammed2d_itk_open(const char* path, int32_t format, sammed2d_itk_file** file, sammed2d_itk_description* description,
                          char* message, int32_t message_bytes);

/* Reads all numbers, the first index fastest, into a buffer of exactly the size that the description says. */
int32_t sammed2d_itk_read(sammed2d_itk_file* file, void* buffer, int64_t buffer_bytes, char* message, int32_t message_bytes);

/* Frees a file; a null pointer is allowed. */
void sammed2d_itk_close(sammed2d_itk_file* file);

#ifdef __cplusplus
}
#endif
#endif
