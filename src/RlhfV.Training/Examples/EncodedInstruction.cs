namespace RlhfV.Training.Examples;

/// <summary>A prompt and the answer to imitate, as the network reads them.</summary>
/// <param name="Id">Name of the example in messages.</param>
/// <param name="Sequence">Prompt and answer.</param>
/// <param name="Pictures">The prompt's pictures, in the order of their tokens.</param>
public sealed record EncodedInstruction(string Id, EncodedSequence Sequence, IReadOnlyList<ExamplePicture> Pictures)
{
    /// <summary>The instruction with other pictures of the same size.</summary>
    internal EncodedInstruction See(Func<ExamplePicture, ExamplePicture> see) => this with { Pictures = [.. Pictures.Select(see)] };
}
