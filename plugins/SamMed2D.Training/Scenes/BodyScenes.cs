namespace SamMed2D.Training.Scenes;

/// <summary>
/// Invented bodies: torsos, heads, limbs and heaps of shapes, each cut at two heights. Nothing in them is anatomy; they have its
/// ingredients (walls, pairs, tubes, clusters, bones, lesions) in all sizes and contrasts.
/// </summary>
internal sealed class BodyScenes : ISceneSource
{
    private readonly Appearance _appearance = new();
    private readonly List<Action<ushort[], float>> _strokes = [];
    private ushort _next;

    /// <inheritdoc/>
    public void Fill(Scene scene, RandomSource random)
    {
        scene.ClickTells = true;
        _strokes.Clear();
        _next = 1;
        float kind = random.Unit();
        if (kind < 0.5f) AddTorso(random);
        else if (kind < 0.7f) AddHead(random);
        else if (kind < 0.8f) AddLimb(random);
        else AddHeap(random);
        AddLesions(random);

        float gap = random.Between(1, 5) * (random.Chance(0.5f) ? 1 : -1);
        Array.Clear(scene.Labels);
        Array.Clear(scene.PreviousLabels);
        foreach (Action<ushort[], float> stroke in _strokes)
        {
            stroke(scene.Labels, 0);
            stroke(scene.PreviousLabels, gap);
        }
        _appearance.Render(scene, _next, random);
    }

    private void AddTorso(RandomSource random)
    {
        float cx = 128 + random.Uniform(-14, 14), cy = 128 + random.Uniform(-14, 14), width = random.Uniform(84, 122), aspect = random.Uniform(0.62f, 0.85f);
        AddBody(random, cx, cy, width, aspect, roughness: 0.05f);
        float height = width * aspect;
        (float X, float Y) spine = (cx + random.Uniform(-3, 3), cy + height * random.Uniform(0.45f, 0.62f));
        if (random.Chance(0.6f)) AddPair(random, cx, cy - height * random.Uniform(-0.1f, 0.25f), width * random.Uniform(0.4f, 0.55f), width * random.Uniform(0.22f, 0.42f), 0.14f);
        int organs = random.Between(4, 11);
        for (int n = 0; n < organs; n++)
            AddOrgan(random, cx + random.Uniform(-0.72f, 0.72f) * width, cy + random.Uniform(-0.7f, 0.5f) * height, width * random.LogUniform(0.06f, 0.42f));
        if (random.Chance(0.5f)) AddPair(random, cx, cy + height * random.Uniform(0, 0.4f), width * random.Uniform(0.3f, 0.55f), width * random.Uniform(0.08f, 0.2f), 0.12f);
        if (random.Chance(0.5f)) AddCells(random, cx + random.Uniform(-0.4f, 0.4f) * width, cy + random.Uniform(-0.4f, 0.3f) * height, width * random.Uniform(0.2f, 0.45f));
        AddTubes(random, cx, cy, width, height, random.Between(1, 5));
        AddVertebra(random, spine.X, spine.Y, width * random.Uniform(0.11f, 0.2f));
        if (random.Chance(0.6f)) AddPair(random, spine.X, spine.Y + height * 0.12f, width * random.Uniform(0.2f, 0.3f), width * random.Uniform(0.1f, 0.18f), 0.1f);
        if (random.Chance(0.6f)) AddRibs(random, cx, cy, width, height);
    }

    private void AddHead(RandomSource random)
    {
        float cx = 128 + random.Uniform(-12, 12), cy = 128 + random.Uniform(-12, 12), radius = random.Uniform(78, 116), aspect = random.Uniform(0.7f, 0.95f);
        float rotation = MathF.PI / 2 + random.Uniform(-0.15f, 0.15f);
        AddBody(random, cx, cy, radius, aspect, 0.03f, rotation);
        float inner = 1;
        for (int n = random.Between(2, 4); n > 0; n--)
        {
            inner *= random.Uniform(0.86f, 0.96f);
            Add(new Shape { Label = Take(), X = cx, Y = cy, Radius = radius * inner, Aspect = aspect, RotationRadians = rotation }.WithOutline(random, 0.03f));
        }
        float brain = radius * inner;
        if (random.Chance(0.5f)) AddCells(random, cx, cy, brain * random.Uniform(0.6f, 0.9f));
        if (random.Chance(0.7f)) AddNoiseRegion(random, cx, cy, brain * random.Uniform(0.8f, 0.97f), aspect);
        for (int n = random.Between(1, 4); n > 0; n--)
            AddPair(random, cx, cy + random.Uniform(-0.6f, 0.6f) * brain, brain * random.Uniform(0.08f, 0.5f), brain * random.LogUniform(0.05f, 0.26f), 0.2f);
        for (int n = random.Between(1, 4); n > 0; n--)
            AddOrgan(random, cx + random.Uniform(-0.5f, 0.5f) * brain, cy + random.Uniform(-0.6f, 0.6f) * brain, brain * random.LogUniform(0.05f, 0.3f));
    }

    private void AddLimb(RandomSource random)
    {
        int limbs = random.Chance(0.4f) ? 2 : 1;
        for (int limb = 0; limb < limbs; limb++)
        {
            float radius = limbs == 2 ? random.Uniform(42, 62) : random.Uniform(60, 112);
            float cx = limbs == 2 ? 68 + 120 * limb + random.Uniform(-6, 6) : 128 + random.Uniform(-20, 20), cy = 128 + random.Uniform(-20, 20);
            AddBody(random, cx, cy, radius, random.Uniform(0.75f, 1), 0.06f);
            Add(new Shape { Label = Take(), X = cx, Y = cy, Radius = radius * random.Uniform(0.72f, 0.9f), InsideOnly = true }.WithOutline(random, 0.06f));
            AddCells(random, cx, cy, radius * random.Uniform(0.6f, 0.85f));
            for (int bone = random.Between(1, 2); bone > 0; bone--)
                AddBone(random, cx + random.Uniform(-0.35f, 0.35f) * radius, cy + random.Uniform(-0.35f, 0.35f) * radius, radius * random.Uniform(0.12f, 0.3f));
            AddTubes(random, cx, cy, radius, radius, random.Between(1, 3));
            if (random.Chance(0.6f)) AddOrgan(random, cx + random.Uniform(-0.4f, 0.4f) * radius, cy + random.Uniform(-0.4f, 0.4f) * radius, radius * random.Uniform(0.2f, 0.6f));
        }
    }

    private void AddHeap(RandomSource random)
    {
        if (random.Chance(0.7f)) AddBody(random, 128, 128, random.Uniform(90, 190), random.Uniform(0.6f, 1), 0.15f);
        for (int n = random.Between(4, 16); n > 0; n--)
        {
            float x = random.Uniform(10, 246), y = random.Uniform(10, 246), radius = random.LogUniform(4, 80);
            float what = random.Unit();
            if (what < 0.5f) AddOrgan(random, x, y, radius);
            else if (what < 0.62f) AddBone(random, x, y, radius);
            else if (what < 0.72f) AddCells(random, x, y, radius * 1.4f);
            else if (what < 0.82f) AddNoiseRegion(random, x, y, radius * 1.4f, random.Uniform(0.5f, 1));
            else if (what < 0.88f) AddVertebra(random, x, y, MathF.Min(radius, 30));
            else AddTubes(random, x, y, radius * 2, radius * 2, 1);
        }
    }

    private void AddBody(RandomSource random, float x, float y, float radius, float aspect, float roughness, float rotation = 0)
    {
        Add(new Shape { Label = Take(), X = x, Y = y, Radius = radius, Aspect = aspect, RotationRadians = rotation, DriftX = 0.2f * random.Normal(), DriftY = 0.2f * random.Normal() }.WithOutline(random, roughness));
        if (random.Chance(0.7f))
            Add(new Shape { Label = Take(), X = x, Y = y, Radius = radius * random.Uniform(0.82f, 0.96f), Aspect = aspect, RotationRadians = rotation }.WithOutline(random, roughness));
    }

    private void AddOrgan(RandomSource random, float x, float y, float radius)
    {
        Shape organ = Solid(random, Take(), x, y, radius, random.Uniform(0.4f, 1), random.Uniform(0, MathF.PI), random.Uniform(0, 0.35f));
        Add(organ);
        if (!random.Chance(0.3f)) return;
        // A wall with something else inside (bladder, heart, bowel), sometimes with a third thing in that (contrast, stool).
        ushort content = Take();
        float wall = random.Uniform(0.55f, 0.9f);
        AddInside(random, organ, content, wall);
        if (random.Chance(0.3f)) AddInside(random, organ, Take(), wall * random.Uniform(0.3f, 0.7f));
    }

    private void AddInside(RandomSource random, Shape outer, ushort label, float share) =>
        Add(new Shape
        {
            Label = label,
            X = outer.X + 0.1f * outer.Radius * random.Normal() * (1 - share),
            Y = outer.Y + 0.1f * outer.Radius * random.Normal() * (1 - share),
            Radius = outer.Radius * share,
            Aspect = outer.Aspect,
            RotationRadians = outer.RotationRadians,
            MiddleZ = outer.MiddleZ,
            HalfHeight = outer.HalfHeight * MathF.Max(0.6f, share),
            DriftX = outer.DriftX,
            DriftY = outer.DriftY,
            InsideOnly = true,
        }.WithOutline(random, 0.12f));

    private void AddBone(RandomSource random, float x, float y, float radius)
    {
        Shape bone = Solid(random, Take(), x, y, radius, random.Uniform(0.6f, 1), random.Uniform(0, MathF.PI), random.Uniform(0, 0.12f));
        Add(bone);
        AddInside(random, bone, Take(), random.Uniform(0.5f, 0.85f));
    }

    private void AddPair(RandomSource random, float midline, float y, float offset, float radius, float roughness)
    {
        // Mirrored twins: the same outline on both sides would need mirrored phases; like organs differ left to right, so two draws do.
        float aspect = random.Uniform(0.45f, 1), rotation = random.Uniform(-0.8f, 0.8f) + MathF.PI / 2;
        bool same = random.Chance(0.3f);
        ushort left = Take(), right = same ? left : Take();
        Add(Solid(random, left, midline - offset, y, radius * random.Uniform(0.85f, 1.15f), aspect, rotation, roughness));
        Add(Solid(random, right, midline + offset, y + random.Uniform(-4, 4), radius * random.Uniform(0.85f, 1.15f), aspect, MathF.PI - rotation, roughness));
    }

    private void AddCells(RandomSource random, float x, float y, float radius)
    {
        int count = random.Between(3, 14);
        ushort first = _next;
        for (int n = 0; n < count; n++) Take();
        float[] seeds = new float[2 * count];
        for (int n = 0; n < count; n++)
        {
            float distance = radius * MathF.Sqrt(random.Unit()), angle = random.Uniform(0, MathF.Tau);
            (seeds[2 * n], seeds[2 * n + 1]) = (x + distance * MathF.Cos(angle), y + distance * MathF.Sin(angle));
        }
        float wave = random.Uniform(0.04f, 0.15f), bend = random.Uniform(0, 0.12f) * radius, gapBetween = random.Chance(0.5f) ? random.Uniform(1, 3.5f) : 0;
        (float driftX, float driftY) = (0.8f * random.Normal(), 0.8f * random.Normal());
        Shape outline = Solid(random, first, x, y, radius, random.Uniform(0.6f, 1), random.Uniform(0, MathF.PI), 0.15f);
        _strokes.Add((labels, z) => outline.Paint(labels, z, new CellBrush(first, seeds, bend, wave, gapBetween, driftX * z, driftY * z)));
    }

    private void AddNoiseRegion(RandomSource random, float x, float y, float radius, float aspect)
    {
        ushort label = Take();
        float[] noise = new float[Scene.Area];
        Plane.FillSmoothNoise(random, random.LogUniform(6, 34), noise);
        float threshold = random.Uniform(-0.3f, 0.7f), climb = random.Uniform(-0.08f, 0.08f);
        Shape outline = Solid(random, label, x, y, radius, aspect, random.Uniform(0, MathF.PI), 0.1f);
        _strokes.Add((labels, z) => outline.Paint(labels, z, new NoiseBrush(label, noise, threshold + climb * z)));
    }

    private void AddTubes(RandomSource random, float cx, float cy, float width, float height, int count)
    {
        for (int n = 0; n < count; n++)
        {
            ushort label = Take();
            (float X, float Y) Place() => (cx + random.Uniform(-0.75f, 0.75f) * width, cy + random.Uniform(-0.75f, 0.75f) * height);
            float radius = random.LogUniform(1.5f, 12);
            (float X, float Y) from = Place();
            // Half of the vessels are cut across: nearly round.
            (float X, float Y) to = random.Chance(0.5f) ? (from.X + radius * random.Normal(), from.Y + radius * random.Normal()) : Place();
            (float X, float Y) over = ((from.X + to.X) / 2 + 0.3f * (to.Y - from.Y) * random.Normal(), (from.Y + to.Y) / 2 + 0.3f * (to.X - from.X) * random.Normal());
            Tube tube = new(label, from, over, to, radius, radius * random.Uniform(0.6f, 1.1f), random.Normal(), random.Normal(), true);
            _strokes.Add((labels, z) => tube.Paint(labels, z));
        }
    }

    private void AddVertebra(RandomSource random, float x, float y, float radius)
    {
        ushort label = Take();
        float back = radius * random.Uniform(1.0f, 1.25f), drift = 0.3f * random.Normal();
        List<Shape> parts =
        [
            new Shape { Label = label, X = x, Y = y, Radius = radius, Aspect = random.Uniform(0.65f, 0.9f), DriftX = drift }.WithOutline(random, 0.08f),
            new Shape { Label = label, X = x, Y = y + back, Radius = radius * 0.75f, Aspect = 0.85f, Hollow = 0.62f, DriftX = drift }.WithOutline(random, 0.05f),
        ];
        bool processes = random.Chance(0.7f);
        if (processes)
        {
            parts.Add(new Shape { Label = label, X = x + drift, Y = y + back + radius, Radius = radius * 0.6f, Aspect = 0.3f, RotationRadians = MathF.PI / 2, HalfHeight = random.Uniform(3, 12), MiddleZ = random.Uniform(-3, 3) });
            foreach (int side in (ReadOnlySpan<int>)[-1, 1])
                parts.Add(new Shape { Label = label, X = x + side * 1.1f * radius, Y = y + back, Radius = radius * 0.65f, Aspect = 0.3f, RotationRadians = side * 0.4f, HalfHeight = random.Uniform(3, 10), MiddleZ = random.Uniform(-3, 3) });
        }
        foreach (Shape part in parts) Add(part);
        if (random.Chance(0.7f)) Add(new Shape { Label = Take(), X = x, Y = y + back, Radius = radius * 0.42f, Aspect = 0.85f, DriftX = drift }.WithOutline(random, 0.05f));
        if (random.Chance(0.5f)) Add(new Shape { Label = Take(), X = x, Y = y, Radius = radius * random.Uniform(0.65f, 0.85f), Aspect = 0.75f, DriftX = drift }.WithOutline(random, 0.06f));
    }

    private void AddRibs(RandomSource random, float cx, float cy, float width, float height)
    {
        int ribs = random.Between(4, 14);
        float ring = random.Uniform(0.85f, 0.95f), slide = random.Uniform(0.5f, 3);
        for (int n = 0; n < ribs; n++)
        {
            ushort label = Take();
            float angle = random.Uniform(0, MathF.Tau);
            (float sin, float cos) = MathF.SinCos(angle);
            float length = random.LogUniform(3, 16), thick = random.Uniform(1.8f, 4.5f);
            (float X, float Y) middle = (cx + ring * width * cos, cy + ring * height * sin);
            (float X, float Y) along = (-sin * width, cos * height);
            float scale = length / MathF.Max(1, MathF.Sqrt(along.X * along.X + along.Y * along.Y));
            along = (along.X * scale, along.Y * scale);
            Tube rib = new(label, (middle.X - along.X, middle.Y - along.Y), (middle.X + cos * 0.1f * length, middle.Y + sin * 0.1f * length),
                (middle.X + along.X, middle.Y + along.Y), thick, thick, slide * along.X / MathF.Max(length, 1), slide * along.Y / MathF.Max(length, 1), false);
            _strokes.Add((labels, z) => rib.Paint(labels, z));
        }
    }

    private void AddLesions(RandomSource random)
    {
        if (!random.Chance(0.5f)) return;
        for (int n = random.Between(1, 4); n > 0; n--)
        {
            Shape lesion = Solid(random, Take(), random.Uniform(50, 206), random.Uniform(50, 206), random.LogUniform(3, 22), random.Uniform(0.5f, 1), random.Uniform(0, MathF.PI), 0.3f, insideOnly: true);
            Add(lesion);
            if (random.Chance(0.3f)) AddInside(random, lesion, Take(), random.Uniform(0.4f, 0.8f));
        }
    }

    private static Shape Solid(RandomSource random, ushort label, float x, float y, float radius, float aspect, float rotation, float roughness, bool insideOnly = false)
    {
        float half = random.LogUniform(2.5f, 60);
        // Most are met at height 0; a few end just before it, so that the other slice shows what this one no longer has.
        float middle = half * (random.Chance(0.12f) ? random.Uniform(1.01f, 1.5f) * (random.Chance(0.5f) ? 1 : -1) : random.Uniform(-0.93f, 0.93f));
        float wander = random.LogUniform(0.2f, 2.2f);
        return new Shape
        {
            Label = label,
            X = x,
            Y = y,
            Radius = radius,
            Aspect = aspect,
            RotationRadians = rotation,
            MiddleZ = middle,
            HalfHeight = half,
            DriftX = wander * random.Normal(),
            DriftY = wander * random.Normal(),
            TwistRadians = 0.02f * random.Normal(),
            InsideOnly = insideOnly,
        }.WithOutline(random, roughness);
    }

    private void Add(Shape shape) => _strokes.Add((labels, z) => shape.Paint(labels, z));

    private ushort Take() => _next++;
}
