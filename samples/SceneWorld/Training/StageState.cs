namespace SceneWorld.Training;

/// <summary>The state of one training stage on disk: the newest complete step, always readable whatever interrupted the run.</summary>
/// <param name="path">Path without extension.</param>
internal sealed class StageState(string path)
{
    /// <summary>Reads the newest state, if there is one.</summary>
    /// <param name="optimizer">Takes weights and moments.</param>
    /// <returns>Steps already taken.</returns>
    public long Restore(StageOptimizer optimizer)
    {
        string? newest = Files().MaxBy(StepOf);
        if (newest is null)
        {
            return 0;
        }

        optimizer.Load(newest, StepOf(newest));
        return optimizer.Steps;
    }

    /// <summary>Writes the state and then removes older ones.</summary>
    public void Store(StageOptimizer optimizer)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string[] older = [.. Files()];
        optimizer.Save($"{path}-{optimizer.Steps:D8}.safetensors");
        foreach (string file in older.Where(f => StepOf(f) != optimizer.Steps))
        {
            File.Delete(file);
        }
    }

    private static long StepOf(string file) => long.Parse(Path.GetFileNameWithoutExtension(file).Split('-')[^1]);

    private IEnumerable<string> Files() => Directory.Exists(Path.GetDirectoryName(path))
        ? Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}-*.safetensors")
        : [];
}
