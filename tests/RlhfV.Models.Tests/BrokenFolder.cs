using RlhfV.Models.Tests.Checkpoints;

namespace RlhfV.Models.Tests;

/// <summary>One way in which a folder can be wrong.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Error">The exception of loading it.</param>
/// <param name="Spoil">Makes a whole folder wrong.</param>
/// <param name="Said">Parts of the message: file, found, expected, what to do.</param>
/// <param name="Options">How it is loaded; null for the defaults.</param>
internal sealed record BrokenFolder(
    string Name, Type Error, Action<TemporaryFolder> Spoil, string[] Said, Func<TemporaryFolder, VisionLanguageModelOptions>? Options = null)
{
    /// <summary>Whether <see cref="ModelFolder.FindProblems"/> says the same.</summary>
    public bool IsFoundBeforeLoading { get; init; }
}
