using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using RlhfV.Benchmarks.Data;
using RlhfV.Extensions.AI;
using RlhfV.Models;
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
        var device = new Option<string>("--device") { Description = "cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
        var command = new Command("serve", "Throughput of one client and of several at once, and their ratio.")
        {
            checkpoint, clients, tokens, prompt, requests, runs, picture, device,
        };
        command.SetAction(async (parsed, cancellation) => await Run(
            parsed.GetRequiredValue(checkpoint), parsed.GetRequiredValue(device), parsed.GetRequiredValue(runs), new Workload(
                parsed.GetRequiredValue(clients), parsed.GetRequiredValue(requests), parsed.GetRequiredValue(prompt),
                parsed.GetRequiredValue(tokens), parsed.GetRequiredValue(picture)), cancellation));
        return command;
    }

    private static async Task Run(string checkpoint, string device, int runs, Workload work, CancellationToken cancellation)
    {
        using ServableCheckpoint folder = ServableCheckpoint.Open(checkpoint);
        using var model = VisionLanguageModel.Load(folder.Folder, new VisionLanguageModelOptions { Device = device });
        using var client = new RlhfVChatClient(model, new RlhfVChatClientOptions { MaxBatch = work.Clients, QueueLength = work.Clients });
        await Measure(client, work with { Requests = 1, Tokens = 4 }, work.Clients, cancellation);

        var alone = new List<double>();
        var together = new List<double>();
        Served last = default;
        for (int run = 0; run < runs; run++)
        {
            alone.Add((await Measure(client, work, 1, cancellation)).TokensPerSecond);
            together.Add((last = await Measure(client, work, work.Clients, cancellation)).TokensPerSecond);
            await Console.Error.WriteLineAsync(
                FormattableString.Invariant($"run {run + 1} of {runs}: {alone[^1]:F2} and {together[^1]:F2} tokens per second"));
        }

        new BenchmarkResult("serve")
            .Add("checkpoint", Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint))))
            .Add("parameters_m", model.Network.parameters().Sum(p => p.numel()) / 1_000_000)
            .Add("device", device)
            .Add("element_type", model.Network.parameters().First().dtype.ToString())
            .Add("stand_in_tokenizer", folder.HasStandInTokenizer)
            .Add("clients", work.Clients)
            .Add("requests_per_client", work.Requests)
            .Add("prompt_tokens", last.PromptTokens)
            .Add("picture", work.Picture)
            .Add("answer_tokens", last.AnswerTokens)
            .AddSpread("tokens_per_s_alone", alone)
            .AddSpread("tokens_per_s_together", together)
            .AddSpread("ratio", alone.Zip(together, (one, many) => many / one))
            .Add("torch_threads", torch.get_num_threads())
            .AddPeakMemory()
            .Print();
    }

    private static async Task<Served> Measure(RlhfVChatClient client, Workload work, int clients, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        UsageDetails[][] usage = await Task.WhenAll(Enumerable.Range(0, clients).Select(async number =>
        {
            var used = new List<UsageDetails>();
            for (int request = 0; request < work.Requests; request++)
            {
                used.Add((await client.GetResponseAsync(work.Ask(number, request), work.Options, cancellation)).Usage!);
            }

            return used.ToArray();
        }));
        UsageDetails[] all = [.. usage.SelectMany(u => u)];
        return new(
            all.Sum(u => u.OutputTokenCount!.Value) / Stopwatch.GetElapsedTime(start).TotalSeconds,
            (long)all.Average(u => u.InputTokenCount!.Value), (long)all.Average(u => u.OutputTokenCount!.Value));
    }

    private readonly record struct Served(double TokensPerSecond, long PromptTokens, long AnswerTokens);

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
