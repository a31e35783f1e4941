using System.CommandLine;
using RlhfV.Benchmarks.Data;

namespace RlhfV.Benchmarks.Commands;

/// <summary>Makes a file of made-up preference data for <c>read</c>.</summary>
internal static class MakeDataCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The parquet file to write." };
        var megabytes = new Option<int>("--megabytes") { Description = "Size of all pictures together.", DefaultValueFactory = _ => 1024 };
        var kilobytes = new Option<int>("--picture-kilobytes") { Description = "Size of each picture.", DefaultValueFactory = _ => 100 };
        var onePiece = new Option<bool>("--one-row-group")
        {
            Description = "Write one row group of many pages, as pandas does, instead of many row groups, as this package does.",
        };
        var command =
            new Command("make-data", "Writes an RLHF-V parquet file of random pictures.") { file, megabytes, kilobytes, onePiece };
        command.SetAction(parsed =>
        {
            int size = parsed.GetValue(kilobytes) * 1024;
            int count = (int)(parsed.GetValue(megabytes) * 1024L * 1024L / size);
            var data = new MadeUpData(size);
            string path = parsed.GetRequiredValue(file);
            if (parsed.GetValue(onePiece))
                data.WriteOneRowGroup(path, count);
            else
                data.WriteRowGroups(path, count);
            new BenchmarkResult("make-data")
                .Add("file_mb", new FileInfo(path).Length / (1024 * 1024))
                .Add("examples", count)
                .AddPeakMemory()
                .Print();
        });
        return command;
    }
}
