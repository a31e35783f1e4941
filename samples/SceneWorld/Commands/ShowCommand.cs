using System.CommandLine;

namespace SceneWorld;

/// <summary>The command that draws one scene, or many, or every kind in every colour, on one sheet.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Number of scenes.", DefaultValueFactory = _ => 48 };
        var seed = new Option<long>("--seed") { Description = "Number of the first scene.", DefaultValueFactory = _ => 0 };
        var kinds = new Option<bool>("--kinds") { Description = "Draw every kind in every colour instead of scenes." };
        var size = new Option<int>("--size") { Description = "With --kinds: pixels per object.", DefaultValueFactory = _ => 40 };
        var output = new Option<FileInfo>("--out") { Description = "PNG file to write.", Required = true };
        var command = new Command("show", "Draw scenes on a contact sheet; a single one alone, as a model sees it.") { count, seed, kinds, size, output };
        command.SetAction(parsed =>
        {
            byte[] png = parsed.GetValue(kinds)
                ? ContactSheet.OfKinds(parsed.GetValue(size))
                : Draw([.. Enumerable.Range(0, parsed.GetValue(count)).Select(i => SceneGenerator.Generate(parsed.GetValue(seed) + i))]);
            string path = parsed.GetRequiredValue(output).FullName;
            string temporary = path + ".part";
            File.WriteAllBytes(temporary, png);
            File.Move(temporary, path, overwrite: true);
            Console.WriteLine($"Wrote {path}");
        });
        return command;
    }

    // A model that is asked about a sheet with margins describes margins.
    private static byte[] Draw(Scene[] scenes) =>
        scenes is [Scene only] ? SceneRenderer.RenderPng(only) : ContactSheet.OfScenes(scenes, columns: Math.Clamp(scenes.Length, 1, 8));
}
