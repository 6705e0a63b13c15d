// The grey value and the label of a place; used by flat slices and by slices in space.
layout(binding = 0) uniform sampler3D volumeLinear;
layout(binding = 1) uniform usampler3D labelVolume;
layout(std430, binding = 0) readonly buffer LabelColors { uint labelColors[]; };

uniform bool hasVolume;
uniform bool isNearest;
uniform vec3 volumeSize;
uniform vec2 greyScale; // grey = texel · x + y
uniform bool hasLabels;
uniform ivec3 labelSize;

bool isInside(vec3 index, vec3 size)
{
    return !(any(lessThan(index, vec3(-0.5))) || any(greaterThanEqual(index, size - 0.5)));
}

float greyOf(sampler3D voxels, bool nearest, vec3 size, vec2 scale, vec3 index)
{
    float texel = nearest
        ? texelFetch(voxels, ivec3(floor(index + 0.5)), 0).r
        : textureLod(voxels, (index + 0.5) / size, 0.0).r;
    return clamp(texel * scale.x + scale.y, 0.0, 1.0);
}

float greyAt(vec3 index)
{
    return hasVolume && isInside(index, volumeSize) ? greyOf(volumeLinear, isNearest, volumeSize, greyScale, index) : 0.0;
}

uint labelAt(vec3 index)
{
    ivec3 voxel = ivec3(floor(index + 0.5));
    if (any(lessThan(voxel, ivec3(0))) || any(greaterThanEqual(voxel, labelSize))) return 0u;
    return texelFetch(labelVolume, voxel, 0).r;
}

vec4 colorOf(uint label)
{
    return unpackUnorm4x8(labelColors[label]);
}
