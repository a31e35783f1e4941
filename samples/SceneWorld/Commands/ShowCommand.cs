using System.CommandLine;

namespace SceneWorld;

/// <summary>The command that draws many scenes, or every kind in every colour, on one sheet.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Number of scenes.", DefaultValueFactory = _ => 48 };
        var seed = new Option<long>("--seed") { Description = "Number of the first scene.", DefaultValueFactory = _ => 0 };
        var kinds = new Option<bool>("--kinds") { Description = "Draw every kind in every colour instead of scenes." };
        var size = new Option<int>("--size") { Description = "With --kinds: pixels per object.", DefaultValueFactory = _ => 40 };
        var output = new Option<FileInfo>("--out") { Description = "PNG file to write.", Required = true };
        var command = new Command("show", "Draw scenes on a contact sheet.") { count, seed, kinds, size, output };
        command.SetAction(parsed =>
        {
            byte[] png = parsed.GetValue(kinds)
                ? ContactSheet.OfKinds(parsed.GetValue(size))
                : ContactSheet.OfScenes(
                    [.. Enumerable.Range(0, parsed.GetValue(count)).Select(i => SceneGenerator.Generate(parsed.GetValue(seed) + i))],
                    columns: 8);
            string path = parsed.GetRequiredValue(output).FullName;
            string temporary = path + ".part";
            File.WriteAllBytes(temporary, png);
            File.Move(temporary, path, overwrite: true);
            Console.WriteLine($"Wrote {path}");
        });
        return command;
    }
}
