namespace RlhfV.Preferences.Tests.Instructions;

public sealed class InstructionExampleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void FromChosen_Pictures_AreAllTaken(int count)
    {
        PreferenceExample example = Samples.Example().WithImages(Samples.Pictures(count));

        var instruction = InstructionExample.FromChosen(example);

        Assert.Equal(example.Images, instruction.Images);
        Assert.Equal((example.Prompt, example.Chosen, example.Origin), (instruction.Prompt, instruction.Answer, instruction.Origin));
    }
}
