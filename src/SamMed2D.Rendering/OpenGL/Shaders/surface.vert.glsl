layout(location = 0) in vec3 position; // RAS mm
layout(location = 1) in vec3 normal;
uniform mat4 rasToClip;
out vec3 rasPosition;
out vec3 rasNormal;

void main()
{
    rasPosition = position;
    rasNormal = normal;
    gl_Position = rasToClip * vec4(position, 1.0);
}
