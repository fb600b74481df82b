from nova.virt import fake


class MachineDriver(fake.FakeDriver):
    pass
