// Casts one ray a pixel between two depths. Bricks in which nothing is visible are leapt over: a coarse texture holds the distance, in
// bricks, to the nearest one that is worth sampling. Leaps end on the same raster of samples, so they change nothing but the time.
layout(binding = 0) uniform sampler3D volume;
layout(binding = 1) uniform usampler3D labelVolume;
layout(binding = 2) uniform usampler3D emptiness;
layout(binding = 3) uniform sampler2D transfer;      // colour times opacity, opacity of one step
layout(binding = 4) uniform sampler2D nearDepth;
layout(binding = 5) uniform sampler2D farDepth;
layout(binding = 6) uniform sampler3D normals;
layout(std430, binding = 0) readonly buffer LabelColors { uint labelColors[]; };

uniform vec3 eyeIndex, forwardIndex, rightIndex, downIndex; // the eye and the three edges of the view at the target, in voxel indices
uniform float targetDistance;
uniform vec2 halfExtent;  // half width and half height of the view at the target, mm
uniform vec3 forward, right, down;
uniform bool isParallel;
uniform vec2 viewSize;    // pixels
uniform vec2 nearFar;
uniform bool startsAtDepth, endsAtDepth;
uniform vec3 volumeSize;
uniform ivec3 labelSize;
uniform vec3 labelFactors; // how many labels lie along each side of a voxel
uniform ivec3 brickCount;
uniform float brickSize;
uniform float stepMm;
uniform float jitter;     // 0 or 1
uniform vec2 texelToEntry; // transfer entry = texel · x + y
uniform int clipCount;
uniform vec4 clips[8];    // normal and offset in voxel indices: kept where dot(normal, p) + offset ≥ 0
uniform vec4 light;
out vec4 result;

const float opaqueEnough = 0.98;

bool clipHalf(float start, float slope, inout vec2 range)
{
    if (slope > 0.0) range.x = max(range.x, -start / slope);
    else if (slope < 0.0) range.y = min(range.y, -start / slope);
    return slope != 0.0 || start >= 0.0;
}

void main()
{
    vec2 ndc = gl_FragCoord.xy / viewSize * 2.0 - 1.0;
    vec2 offset = ndc * halfExtent;
    vec3 sight = forward, origin = eyeIndex, direction = forwardIndex;
    float perDistance = 1.0;
    if (isParallel) origin += rightIndex * offset.x + downIndex * offset.y;
    else
    {
        vec3 towards = forward * targetDistance + right * offset.x + down * offset.y;
        float length_ = length(towards);
        sight = towards / length_;
        direction = (forwardIndex * targetDistance + rightIndex * offset.x + downIndex * offset.y) / length_;
        perDistance = length_ / targetDistance;
    }

    // Into the box of the voxels, the clipping planes and the two depths.
    vec3 safe = mix(direction, vec3(1e-7), lessThan(abs(direction), vec3(1e-7)));
    vec3 a = (vec3(-0.5) - origin) / safe, b = (volumeSize - 0.5 - origin) / safe;
    vec3 low = min(a, b), high = max(a, b);
    vec2 range = vec2(max(max(low.x, low.y), max(low.z, 0.0)), min(high.x, min(high.y, high.z)));
    bool isVisible = true;
    for (int n = 0; n < clipCount; n++) isVisible = clipHalf(dot(clips[n].xyz, origin) + clips[n].w, dot(clips[n].xyz, direction), range) && isVisible;
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    if (startsAtDepth) range.x = max(range.x, eyeDistance(texelFetch(nearDepth, pixel, 0).r, nearFar, isParallel) * perDistance);
    float limit = endsAtDepth ? texelFetch(farDepth, pixel, 0).r : 1.0;
    if (limit < 1.0) range.y = min(range.y, eyeDistance(limit, nearFar, isParallel) * perDistance);
    if (!isVisible || range.x >= range.y) discard;

    // Brick units: one brick is one unit wide, the first begins at 0.
    vec3 brickOrigin = (origin + 0.5) / brickSize, brickDirection = safe / brickSize, perBrick = 1.0 / brickDirection;
    vec3 isForward = step(vec3(0.0), brickDirection);
    vec3 textureOrigin = (origin + 0.5) / volumeSize, textureDirection = direction / volumeSize;
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    float first = stepMm;
#ifdef MAXIMUM
    first = min(first, range.y - range.x); // the shortest way through the box is worth one sample
#endif
    float t = range.x + first * mix(0.5, noise, jitter);
    vec4 gathered = vec4(0.0);
    float maximum = -1e30;

    while (t < range.y)
    {
        vec3 place = brickOrigin + brickDirection * t;
        vec3 brick = clamp(floor(place), vec3(0.0), vec3(brickCount - 1));
        float empty = float(texelFetch(emptiness, ivec3(brick), 0).r);
        vec3 border = brick + mix(vec3(1.0 - max(empty, 1.0)), vec3(max(empty, 1.0)), isForward);
        vec3 toBorder = (border - place) * perBrick;
        float leave = t + max(min(toBorder.x, min(toBorder.y, toBorder.z)), 0.0);
        if (empty > 0.0)
        {
            t += stepMm * max(1.0, ceil((leave - t) / stepMm));
            continue;
        }
        float end = min(leave, range.y);
        do
        {
            vec3 at = textureOrigin + textureDirection * t;
            t += stepMm;
#ifdef MASKED
            uint label = texelFetch(labelVolume, clamp(ivec3(at * volumeSize * labelFactors), ivec3(0), labelSize - 1), 0).r;
            if (label == 0u || labelColors[label] < 0x1000000u) continue;
#endif
            float entry = textureLod(volume, at, 0.0).r * texelToEntry.x + texelToEntry.y;
#ifdef MAXIMUM
            maximum = max(maximum, entry);
#else
            vec4 color = texelFetch(transfer, ivec2(clamp(entry, 0.0, TABLE_SIZE - 1.0) + 0.5, 0), 0);
            if (color.a <= 0.0) continue;
#ifdef SHADED
            vec3 normal = textureLod(normals, at, 0.0).xyz * 2.0 - 1.0;
            float strength = length(normal);
            float cosine = strength > 0.02 ? abs(dot(normal, sight)) / strength : 1.0;
            color.rgb = color.rgb * (light.x + light.y * cosine) + vec3(color.a * light.z * pow(cosine, light.w));
#endif
            gathered += color * (1.0 - gathered.a);
            if (gathered.a >= opaqueEnough) break;
#endif
        }
        while (t < end);
        if (gathered.a >= opaqueEnough) break;
    }
#ifdef MAXIMUM
#ifdef MASKED
    if (maximum <= -1e30) discard;
#endif
    gathered = texelFetch(transfer, ivec2(clamp(maximum, 0.0, TABLE_SIZE - 1.0) + 0.5, 0), 0);
#else
    // What early stopping left out is as good as opaque.
    if (gathered.a >= opaqueEnough) gathered /= gathered.a;
#endif
    result = gathered;
}
