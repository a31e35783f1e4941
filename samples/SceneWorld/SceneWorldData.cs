namespace SceneWorld;

/// <summary>The data that ships with the sample, beside the program.</summary>
public static class SceneWorldData
{
    /// <summary>The micro LLaVA's checkpoint: a folder in the Hugging Face layout.</summary>
    public static string ModelFolder => Find("model");

    /// <summary>1,400 corrected answers of that model, in the RLHF-V-Dataset schema.</summary>
    public static string PreferencesFile => Find("sceneworld-preferences.parquet");

    private static string Find(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "data", name);
        return Directory.Exists(path) || File.Exists(path)
            ? path
            : throw new FileNotFoundException($"'{path}' is missing; build samples/SceneWorld, whose folder 'data' is copied beside the program.");
    }
}
