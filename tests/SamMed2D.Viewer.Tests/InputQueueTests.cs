using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer.Tests;

public class InputQueueTests
{
    private static readonly List<InputEvent> s_frame = [];

    [Fact]
    public void TakeFrame_ClickWithinOneFrame_SpreadsOverTwo()
    {
        InputQueue queue = new();
        queue.Add(Button(isDown: true));
        queue.Add(Button(isDown: false));
        Assert.Equal([InputKind.Button], Take(queue));
        Assert.True(queue.HasWaiting);
        Assert.Equal([InputKind.Button], Take(queue));
        Assert.False(queue.HasWaiting);
    }

    [Fact]
    public void TakeFrame_PressThenMove_KeepsThePressWhereItWas()
    {
        InputQueue queue = new();
        queue.Add(Move(10));
        queue.Add(Move(20));
        queue.Add(Button(isDown: true, x: 20));
        queue.Add(Move(90));
        queue.Add(Button(isDown: false, x: 90));
        Assert.Equal([InputKind.Move, InputKind.Move, InputKind.Button], Take(queue));
        Assert.Equal(20, s_frame[^1].X);
        Assert.Equal([InputKind.Move, InputKind.Button], Take(queue));
        Assert.Equal(90, s_frame[^1].X);
    }

    [Fact]
    public void TakeFrame_KeyPressedAndReleased_IsSeenDownForAFrame()
    {
        InputQueue queue = new();
        queue.Add(Key(65, isDown: true));
        queue.Add(Key(65, isDown: false));
        queue.Add(Key(65, isDown: true));
        Assert.Equal([InputKind.Key], Take(queue));
        Assert.Equal([InputKind.Key], Take(queue));
        Assert.Equal([InputKind.Key], Take(queue));
    }

    [Fact]
    public void TakeFrame_WheelsInARow_ShareAFrameAndComeBeforeAClick()
    {
        InputQueue queue = new();
        queue.Add(new() { Kind = InputKind.Wheel, Y = 1 });
        queue.Add(new() { Kind = InputKind.Wheel, Y = 1 });
        queue.Add(Button(isDown: true));
        Assert.Equal([InputKind.Wheel, InputKind.Wheel], Take(queue));
        Assert.Equal([InputKind.Button], Take(queue));
    }

    [Fact]
    public void TakeFrame_AnyEvents_KeepsTheirOrderAndLosesNone() =>
        Gen.Int[0, 4].Select(Gen.Int[0, 2], Gen.Bool).List[0, 40].Sample(made =>
        {
            InputQueue queue = new();
            List<(InputKind, int, int)> expected = [], seen = [];
            foreach ((int kind, int code, bool isDown) in made)
            {
                InputEvent happened = new() { Kind = (InputKind)(kind + 1), Code = code, IsDown = isDown ? 1 : 0 };
                queue.Add(happened);
                expected.Add((happened.Kind, happened.Code, happened.IsDown));
            }
            List<InputEvent> frame = [];
            while (queue.HasWaiting)
            {
                queue.TakeFrame(frame);
                Assert.NotEmpty(frame);
                seen.AddRange(frame.Select(e => (e.Kind, e.Code, e.IsDown)));
            }
            Assert.Equal(expected, seen);
        }, iter: 200);

    private static InputKind[] Take(InputQueue queue)
    {
        queue.TakeFrame(s_frame);
        return [.. s_frame.Select(happened => happened.Kind)];
    }

    private static InputEvent Button(bool isDown, float x = 0) => new() { Kind = InputKind.Button, IsDown = isDown ? 1 : 0, X = x };

    private static InputEvent Move(float x) => new() { Kind = InputKind.Move, X = x };

    private static InputEvent Key(int code, bool isDown) => new() { Kind = InputKind.Key, Code = code, IsDown = isDown ? 1 : 0 };
}
