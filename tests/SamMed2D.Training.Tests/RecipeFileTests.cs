using SamMed2D.Core.Errors;
using SamMed2D.Testing;
using SamMed2D.Training.Recipes;

namespace SamMed2D.Training.Tests;

public sealed class RecipeFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_EveryRecipeThatComesAlong_IsTaken()
    {
        string folder = Path.Combine(Repository.Root, "plugins", "SamMed2D.Training", "Recipes");
        foreach (string path in Directory.GetFiles(folder, "*.json")) Assert.Equal(Path.GetFileNameWithoutExtension(path), FocusRecipe.Read(path).Name);
        foreach (string path in Directory.GetFiles(Path.Combine(folder, "Sam"), "*.json")) Assert.Equal(Path.GetFileNameWithoutExtension(path), SamRecipe.Read(path).Name);
    }

    [Theory]
    [InlineData("""{ "name": "a", "optimiser": null }""")]
    [InlineData("""{ "name": "a", "sources": null }""")]
    [InlineData("""{ "name": null }""")]
    [InlineData("""{ "name": "a", "sampels": 5 }""")]
    [InlineData("""{ "name": "a", """)]
    public void Read_WhatCannotBeMeant_IsAnErrorThatNamesTheFile(string recipe)
    {
        File.WriteAllText(_path, recipe);

        Assert.StartsWith(_path, Assert.Throws<InvalidFileException>(() => FocusRecipe.Read(_path)).Message);
    }
}
