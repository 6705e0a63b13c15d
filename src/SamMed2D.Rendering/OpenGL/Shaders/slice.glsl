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

float greyAt(vec3 index)
{
    if (!hasVolume || any(lessThan(index, vec3(-0.5))) || any(greaterThanEqual(index, volumeSize - 0.5))) return 0.0;
    float texel = isNearest
        ? texelFetch(volumeLinear, ivec3(floor(index + 0.5)), 0).r
        : textureLod(volumeLinear, (index + 0.5) / volumeSize, 0.0).r;
    return clamp(texel * greyScale.x + greyScale.y, 0.0, 1.0);
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
