namespace RlhfV.Extensions.AI.Tests.Support;

/// <summary>Tests that count the tensors or the memory of the process, or listen to its meters: one at a time, after the others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "process-wide figures";
}
