using SamMed2D.Training.Recipes;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Examples;

/// <summary>Draws scenes from invented bodies, label maps and scans in the recipe's shares. Belongs to one worker.</summary>
internal sealed class SceneMixture : ISceneSource
{
    private readonly (ISceneSource Source, float Share)[] _sources;
    private readonly float _total;

    public SceneMixture(SceneShares shares, IReadOnlyList<TrainingVolume> volumes)
    {
        List<(ISceneSource, float)> sources = [(new BodyScenes(), shares.Bodies)];
        TrainingVolume[] shapes = [.. volumes.Where(volume => volume.Intensities.Length == 0)], scans = [.. volumes.Where(volume => volume.Intensities.Length > 0)];
        if (shapes.Length > 0) sources.Add((new VolumeScenes(shapes, shares.Supervoxels), shares.LabelMaps));
        if (scans.Length > 0) sources.Add((new VolumeScenes(scans, shares.Supervoxels), shares.Scans));
        _sources = [.. sources];
        _total = _sources.Sum(source => source.Share);
    }

    /// <inheritdoc/>
    public void Fill(Scene scene, RandomSource random)
    {
        float left = random.Unit() * _total;
        foreach ((ISceneSource source, float share) in _sources)
        {
            if ((left -= share) > 0) continue;
            source.Fill(scene, random);
            return;
        }
        _sources[0].Source.Fill(scene, random);
    }
}
