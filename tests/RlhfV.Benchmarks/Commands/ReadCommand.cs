using System.CommandLine;
using System.Diagnostics;
using RlhfV.Preferences;

namespace RlhfV.Benchmarks.Commands;

/// <summary>Reads a file of preference data once and states time and peak memory.</summary>
internal static class ReadCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The file, in any format; make one with make-data." };
        var command = new Command("read", "Reads a file of preference data, example by example.") { file };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            long start = Stopwatch.GetTimestamp();
            int examples = 0;
            long pictureBytes = 0;
            foreach (PreferenceExample example in PreferenceFile.Read(path))
            {
                examples++;
                pictureBytes += example.Image?.Bytes?.Length ?? 0;
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            double megabytes = new FileInfo(path).Length / (1024.0 * 1024.0);
            new BenchmarkResult("read")
                .Add("format", PreferenceFormats.Detect(path).Name)
                .Add("file_mb", Math.Round(megabytes, 1))
                .Add("examples", examples)
                .Add("picture_mb", Math.Round(pictureBytes / (1024.0 * 1024.0), 1))
                .AddSeconds([elapsed])
                .Add("mb_per_second", Math.Round(megabytes / elapsed.TotalSeconds, 1))
                .AddPeakMemory()
                .Print();
        });
        return command;
    }
}
