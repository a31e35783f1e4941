using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI;
using RlhfV.Extensions.AI.Tests.Support;

// How a process ends can only be seen from outside. The runtime calls this class, which must have this name and no namespace, before Main of any program
// that is started with DOTNET_STARTUP_HOOKS naming this assembly: so the test program can be its own subject.
internal static class StartupHook
{
    /// <summary>Names what the process is in the middle of when it ends: "answer", "grounding" or "nothing".</summary>
    public const string Variable = "RLHFV_TEST_EXIT";

    /// <summary>Where this is set, the process ends by returning from Main, for which the runtime waits for threads that are not in the background.</summary>
    public const string Returning = "RLHFV_TEST_EXIT_RETURNS";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } doing)
            return;
        Begin(doing).GetAwaiter().GetResult();
        if (Environment.GetEnvironmentVariable(Returning) is null)
            Environment.Exit(0);
    }

    /// <summary>Leaves a client behind that nobody disposes.</summary>
    private static async Task Begin(string doing)
    {
        RlhfVChatClient client = TinyLlava.Client(TinyLlava.Short(doing == "answer" ? 4000 : 4));
        if (doing == "answer")
        {
            await client.GetStreamingResponseAsync([TinyLlava.Ask("What is it?")]).GetAsyncEnumerator().MoveNextAsync();
            return;
        }

        // Groundings are computed one by one: when the first is there, others are under way.
        ChatOptions options = doing == "grounding" ? new ChatOptions().WithGrounding() : new ChatOptions();
        Task[] calls = [.. Enumerable.Range(0, 40).Select(_ => client.GetResponseAsync(TinyLlava.Ask("What is it?"), options))];
        await (doing == "grounding" ? Task.WhenAny(calls) : Task.WhenAll(calls));
    }
}
