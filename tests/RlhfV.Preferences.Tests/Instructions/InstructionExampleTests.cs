namespace RlhfV.Preferences.Tests.Instructions;

public sealed class InstructionExampleTests
{
    [Fact]
    public void FromChosen_Places_AreTaken()
    {
        PreferenceExample example = Samples.Example() with { ImagePlaces = [new(0, 3)] };

        var instruction = InstructionExample.FromChosen(example);

        Assert.Equal(example.ImagePlaces, instruction.ImagePlaces);
        Assert.Equal(instruction, InstructionExample.FromChosen(example));
        Assert.NotEqual(instruction, instruction with { ImagePlaces = [] });
    }

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
