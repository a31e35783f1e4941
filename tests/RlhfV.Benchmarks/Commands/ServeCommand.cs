using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using RlhfV.Benchmarks.Data;
using RlhfV.Extensions.AI;
using RlhfV.Models;
using RlhfV.Models.Native;
using SkiaSharp;
using TorchSharp;

namespace RlhfV.Benchmarks.Commands;

/// <summary>
/// Tokens per second of one client and of several at once, through the chat client and its worker. The two take turns in one process, so that
/// a busy machine slows both.
/// </summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "A LLaVA folder; one without a tokenizer gets a made-up one." };
        var clients = new Option<int>("--clients") { Description = "Clients at once.", DefaultValueFactory = _ => 8 };
        var tokens = new Option<int>("--tokens") { Description = "Tokens of an answer.", DefaultValueFactory = _ => 64 };
        var prompt = new Option<int>("--prompt") { Description = "Letters of a question.", DefaultValueFactory = _ => 24 };
        var requests = new Option<int>("--requests") { Description = "Requests of each client, one after the other.", DefaultValueFactory = _ => 1 };
        var runs = new Option<int>("--runs") { Description = "Repetitions after one warm-up.", DefaultValueFactory = _ => 3 };
        var picture = new Option<bool>("--picture") { Description = "A picture with every question, the same one for all." };
        var threads = new Option<int>("--threads") { Description = "Threads of libtorch; 0 for its own choice." };
        var device = new Option<string>("--device") { Description = "cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
        var command = new Command("serve", "Throughput of one client and of several at once, and their ratio.")
        {
            checkpoint, clients, tokens, prompt, requests, runs, picture, threads, device,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            NativeLibraries.EnsureLoaded();
            if (parsed.GetValue(threads) is > 0 and int count)
                torch.set_num_threads(count);
            var work = new Workload(
                parsed.GetRequiredValue(clients), parsed.GetRequiredValue(requests), parsed.GetRequiredValue(prompt), parsed.GetRequiredValue(tokens),
                parsed.GetValue(picture));
            await Run(parsed.GetRequiredValue(checkpoint), parsed.GetRequiredValue(device), parsed.GetRequiredValue(runs), work, cancellation);
        });
        return command;
    }

    private static async Task Run(string checkpoint, string device, int runs, Workload work, CancellationToken cancellation)
    {
        using ServableCheckpoint folder = ServableCheckpoint.Open(checkpoint);
        using var model = VisionLanguageModel.Load(folder.Folder, new VisionLanguageModelOptions { Device = device });
        using var client = new RlhfVChatClient(model, new RlhfVChatClientOptions { MaxBatch = work.Clients, QueueLength = work.Clients });
        await Measure(client, work with { Requests = 1, Tokens = 4 }, work.Clients, cancellation);

        var alone = new List<Served>();
        var together = new List<Served>();
        for (int run = 0; run < runs; run++)
        {
            alone.Add(await Measure(client, work, 1, cancellation));
            together.Add(await Measure(client, work, work.Clients, cancellation));
            await Console.Error.WriteLineAsync(FormattableString.Invariant(
                $"run {run + 1} of {runs}: {alone[^1].TokensPerSecond:F2} and {together[^1].TokensPerSecond:F2} tokens per second"));
        }

        new BenchmarkResult("serve")
            .Add("checkpoint", Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint))))
            .Add("parameters_m", model.Network.parameters().Sum(p => p.numel()) / 1_000_000)
            .Add("device", device)
            .Add("element_type", model.Network.parameters().First().dtype.ToString())
            .Add("stand_in_tokenizer", folder.HasStandInTokenizer)
            .Add("clients", work.Clients)
            .Add("requests_per_client", work.Requests)
            .Add("prompt_tokens", together[^1].PromptTokens)
            .Add("picture", work.Picture)
            .Add("answer_tokens", together[^1].AnswerTokens)
            .AddSpread("tokens_per_s_alone", alone.Select(s => s.TokensPerSecond))
            .AddSpread("tokens_per_s_together", together.Select(s => s.TokensPerSecond))
            .AddSpread("ratio", alone.Zip(together, (one, many) => many.TokensPerSecond / one.TokensPerSecond))
            .AddSpread("tokens_per_cpu_s_alone", alone.Select(s => s.TokensPerCpuSecond))
            .AddSpread("tokens_per_cpu_s_together", together.Select(s => s.TokensPerCpuSecond))
            .AddSpread("cpu_ratio", alone.Zip(together, (one, many) => many.TokensPerCpuSecond / one.TokensPerCpuSecond))
            .Add("torch_threads", torch.get_num_threads())
            .AddPeakMemory()
            .Print();
    }

    private static async Task<Served> Measure(RlhfVChatClient client, Workload work, int clients, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        UsageDetails[][] usage = await Task.WhenAll(Enumerable.Range(0, clients).Select(async number =>
        {
            var answers = new List<UsageDetails>();
            for (int request = 0; request < work.Requests; request++)
            {
                answers.Add((await client.GetResponseAsync(work.Ask(number, request), work.Options, cancellation)).Usage!);
            }

            return answers.ToArray();
        }));
        UsageDetails[] all = [.. usage.SelectMany(u => u)];
        long tokens = all.Sum(u => u.OutputTokenCount!.Value);
        return new(
            tokens / Stopwatch.GetElapsedTime(start).TotalSeconds,
            tokens / (Environment.CpuUsage.TotalTime - used).TotalSeconds,
            (long)all.Average(u => u.InputTokenCount!.Value),
            tokens / all.Length);
    }

    /// <summary>What was served. A machine that has much else to do changes the time that passes, not the time that is used.</summary>
    private readonly record struct Served(double TokensPerSecond, double TokensPerCpuSecond, long PromptTokens, long AnswerTokens);

    private sealed record Workload(int Clients, int Requests, int Letters, int Tokens, bool Picture)
    {
        private readonly DataContent _picture = Draw();

        public ChatOptions Options => new() { MaxOutputTokens = Tokens, Temperature = 0 };

        /// <summary>A question of its own for every request: no two prompts are equal, and all are equally long.</summary>
        public ChatMessage Ask(int client, int request)
        {
            var random = new Random(client * 1000 + request);
            var text = new TextContent(string.Concat(Enumerable.Range(0, Letters).Select(_ => (char)('a' + random.Next(26)))));
            return new(ChatRole.User, Picture ? [_picture, text] : [text]);
        }

        private static DataContent Draw()
        {
            using var bitmap = new SKBitmap(336, 336);
            bitmap.Erase(SKColors.SteelBlue);
            using SKData encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            return new(encoded.ToArray(), "image/png");
        }
    }
}
