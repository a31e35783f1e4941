using System.CommandLine;
using System.Diagnostics;
using RlhfV.Benchmarks.Data;
using RlhfV.Models;
using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Benchmarks.Commands;

/// <summary>Greedy captioning of one picture per prompt: time to the first token, picture and prompt included, and the rate after it.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "Folder with config.json and weights; no tokenizer is needed." };
        var prompt = new Option<int>("--prompt") { Description = "Tokens of the prompt besides the picture's.", DefaultValueFactory = _ => 40 };
        var tokens = new Option<int>("--tokens") { Description = "Tokens of the answer.", DefaultValueFactory = _ => 64 };
        var batch = new Option<int>("--batch") { Description = "Prompts decoded together.", DefaultValueFactory = _ => 1 };
        var runs = new Option<int>("--runs") { Description = "Repetitions after a warm-up.", DefaultValueFactory = _ => 3 };
        var threads = new Option<int>("--threads") { Description = "Threads of libtorch; 0 for its own choice." };
        var command = new Command("generate", "Times captioning with greedy decoding.") { checkpoint, prompt, tokens, batch, runs, threads };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(checkpoint);
            using VisionLanguageNetwork network = BenchmarkModel.Load(folder);
            if (parsed.GetValue(threads) is > 0 and int count)
                set_num_threads(count);
            VisionLanguageProcessor processor = BenchmarkModel.Processor(network);
            EncodedPrompt[] prompts = [.. Enumerable.Range(0, parsed.GetValue(batch))
                .Select(i => BenchmarkModel.Prompt(network, folder, parsed.GetValue(prompt), i))];
            int length = parsed.GetValue(tokens);
            Time(network, processor, prompts, 2);
            TimeSpan[] first = [.. Enumerable.Range(0, parsed.GetValue(runs)).Select(_ => Time(network, processor, prompts, 1)).Order()];
            TimeSpan[] whole = [.. Enumerable.Range(0, parsed.GetValue(runs)).Select(_ => Time(network, processor, prompts, length)).Order()];
            double after = (whole[whole.Length / 2] - first[first.Length / 2]).TotalSeconds;
            new BenchmarkResult("generate")
                .Add("first_token_s", Math.Round(first[first.Length / 2].TotalSeconds, 4))
                .Add("tokens_per_s", Math.Round(prompts.Length * (length - 1) / after, 3))
                .Add("peak_rss_gb", Math.Round(ResidentMemory.Peak / 1024 / 1e6, 3))
                .Add("torch", BenchmarkResult.Torch)
                .Add("batch", prompts.Length)
                .Add("tokens", length)
                .Add("prompt_tokens", prompts[0].Ids.Count)
                .Add("threads", get_num_threads())
                .AddSeconds(whole)
                .Print();
        });
        return command;
    }

    private static TimeSpan Time(VisionLanguageNetwork network, VisionLanguageProcessor processor, EncodedPrompt[] prompts, int tokens)
    {
        long start = Stopwatch.GetTimestamp();
        var options = new GenerationOptions { MaxNewTokens = tokens };

        // No token ends an answer: every run has the same length.
        using var batch = new GenerationBatch(network, processor, new HashSet<int>());
        batch.Add([.. prompts.Select((prompt, i) => new BatchPrompt { Id = i, Prompt = prompt, Options = options })]);
        while (batch.Count > 0)
            batch.Step();
        return Stopwatch.GetElapsedTime(start);
    }
}
