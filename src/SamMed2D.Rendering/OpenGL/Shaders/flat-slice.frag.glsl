uniform vec3 volumeOrigin, volumeStepX, volumeStepY; // pixel to volume index
layout(binding = 2) uniform sampler3D foregroundLinear;
uniform bool foregroundIsNearest;
uniform vec3 foregroundSize;
uniform vec2 foregroundGreyScale;
uniform float foregroundOpacity; // 0 where there is none
uniform vec3 foregroundOrigin, foregroundStepX, foregroundStepY; // pixel to index
uniform vec3 labelOrigin, labelStepX, labelStepY;    // pixel to label index
uniform float fillOpacity, outlineOpacity, outlineWidth;
out vec4 result;

uint labelAtPixel(vec2 pixel)
{
    return labelAt(labelOrigin + labelStepX * pixel.x + labelStepY * pixel.y);
}

bool isOnOutline(uint label, vec2 pixel)
{
    if (outlineWidth <= 0.0) return false;
    float w = outlineWidth, d = outlineWidth * sqrt(0.5);
    return labelAtPixel(pixel + vec2(w, 0)) != label || labelAtPixel(pixel - vec2(w, 0)) != label
        || labelAtPixel(pixel + vec2(0, w)) != label || labelAtPixel(pixel - vec2(0, w)) != label
        || labelAtPixel(pixel + vec2(d, d)) != label || labelAtPixel(pixel - vec2(d, d)) != label
        || labelAtPixel(pixel + vec2(d, -d)) != label || labelAtPixel(pixel + vec2(-d, d)) != label;
}

void main()
{
    vec2 pixel = gl_FragCoord.xy - 0.5;
    vec3 color = vec3(greyAt(volumeOrigin + volumeStepX * pixel.x + volumeStepY * pixel.y));
    if (foregroundOpacity > 0.0)
    {
        vec3 index = foregroundOrigin + foregroundStepX * pixel.x + foregroundStepY * pixel.y;
        if (isInside(index, foregroundSize))
            color = mix(color, vec3(greyOf(foregroundLinear, foregroundIsNearest, foregroundSize, foregroundGreyScale, index)), foregroundOpacity);
    }
    if (hasLabels)
    {
        uint label = labelAtPixel(pixel);
        if (label != 0u)
        {
            vec4 look = colorOf(label);
            color = mix(color, look.rgb, look.a * (isOnOutline(label, pixel) ? outlineOpacity : fillOpacity));
        }
    }
    result = vec4(color, 1.0);
}
